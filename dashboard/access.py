"""Who may see and do what: the only place that fetches a brand for a person.

Strangers get 404 (they must not learn that a brand exists), insufficient roles 403.
"""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from listening.models import Brand, Membership, User
from listening.models.brand import BrandQuerySet

ADMIN, MARKETER, MANAGER = Membership.Role.ADMIN, Membership.Role.MARKETER, Membership.Role.MANAGER
ANYBODY = (ADMIN, MARKETER, MANAGER)
WORKERS = (ADMIN, MARKETER)
ADMINS = (ADMIN,)


def person(request: HttpRequest) -> User:
    """Who is signed in; views ask only behind login_required."""
    return cast(User, request.user)


def role_of(user: User, brand: Brand) -> str | None:
    """The person's role for this brand; None for a stranger. Administrators of the installation are admin.

    Asked once: what `brand_for` found holds for the rest of the request.
    """
    if user.is_superuser:
        return ADMIN
    if user.known_roles and brand.pk in user.known_roles:
        return user.known_roles[brand.pk]
    return Membership.objects.filter(user=user, brand=brand).values_list("role", flat=True).first()


def brand_for(request: HttpRequest, slug: str, roles: tuple[str, ...] = ANYBODY) -> Brand:
    """The brand, when the person has one of these roles; sets `brand.role` for templates.

    Raises Http404 for strangers and PermissionDenied for members without the role.
    """
    user = person(request)
    brand = Brand.objects.visible_to(user).filter(slug=slug).first()
    role = role_of(user, brand) if brand else None
    if brand is None or role is None:
        raise Http404("There is no such brand, or you are not a member of it.")
    if role not in roles:
        raise PermissionDenied(f"Your role ({role}) does not include this. Ask an admin of {brand.name}.")
    brand.role = role
    user.known_roles = {**(user.known_roles or {}), brand.pk: role}
    return brand


def administered(user: User) -> BrandQuerySet:
    """The brands that this person may configure."""
    brands = Brand.objects.visible_to(user)
    return brands if user.is_superuser else brands.filter(memberships__user=user, memberships__role=ADMIN)


def require_superuser(request: HttpRequest) -> User:
    """The person, when they administer the installation. Raises Http404 for everybody else."""
    if not isinstance(request.user, User) or not request.user.is_superuser:
        raise Http404("There is no such page for you.")
    return request.user
