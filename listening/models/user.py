"""User: a person who signs in to Earshot, known by e-mail address."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make a user. Raises ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make a user who administers every brand."""
        return self.create_user(email, password, is_superuser=True, **extra)

    def working_for(self, brand_id: int) -> "models.QuerySet[User]":
        """Who works on a brand's cases: its admins and marketers, and the administrators of the installation."""
        members = models.Q(memberships__brand=brand_id, memberships__role__in=("admin", "marketer"))
        return self.filter(members | models.Q(is_superuser=True), is_active=True).distinct()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """`is_superuser` administers the installation and so every brand; others have a Membership per brand."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, help_text="Empty: the brand's zone.")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    known_roles: dict[int, str] | None = None
    """By brand, for the time of one request; set by `dashboard.access`."""

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]
