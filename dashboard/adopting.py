"""Adopting: a person puts a brand's own model to use, or takes it out of use; nothing does so by itself."""

from django.db import transaction

from dashboard import audit
from listening.models import Brand, BrandModel, User

ADOPTED, OFFERED, RETIRED = BrandModel.State.ADOPTED, BrandModel.State.OFFERED, BrandModel.State.RETIRED


@transaction.atomic
def adopt(model: BrandModel, user: User) -> bool:
    """From offered or retired to adopted, in the place of the one in use; False when it can't be (any more)."""
    Brand.objects.select_for_update().get(pk=model.brand_id)
    able = BrandModel.objects.filter(pk=model.pk, state__in=[OFFERED, RETIRED])
    if not able.exists():
        return False
    in_use = BrandModel.objects.filter(brand=model.brand_id, kind=model.kind, state=ADOPTED)
    for former in in_use:
        _change(former, RETIRED, user)
    _change(model, ADOPTED, user)
    audit.note(user, "adopted own model", model.brand, f"{model.kind} {model.number}", engine=model.engine)
    return True


@transaction.atomic
def retire(model: BrandModel, user: User) -> bool:
    """Back to the engine alone; False when it was not in use."""
    if not BrandModel.objects.select_for_update().filter(pk=model.pk, state=ADOPTED).exists():
        return False
    _change(model, RETIRED, user)
    audit.note(user, "retired own model", model.brand, f"{model.kind} {model.number}", engine=model.engine)
    return True


def _change(model: BrandModel, state: str, user: User) -> None:
    model.state, model.changed_by = state, user
    model.save(update_fields=["state", "changed_by", "changed_at"])
