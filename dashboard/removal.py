"""Removal: a brand goes with everything that only it holds; the sample goes with one click."""

from django.db import connection, transaction

from listening.models import Author, Brand, Mention, Source

SAMPLE = "sample"


@transaction.atomic
def remove_brand(brand: Brand) -> None:
    """Delete the brand, its mentions and counts; sources that serve no other brand go with it."""
    only_here = [source.pk for source in brand.sources.all() if source.brands.count() == 1]
    _empty(brand)
    brand.delete()
    Source.objects.filter(pk__in=only_here).delete()


def _empty(brand: Brand) -> None:
    """Delete the brand's mentions in a few statements: row by row would take hours at a million."""
    with connection.cursor() as cursor:
        mentions = "SELECT id FROM listening_mention WHERE brand_id = %s"
        cases = f"SELECT id FROM listening_case WHERE mention_id IN ({mentions})"  # noqa: S608 (no value in it)
        for table, column, rows in (
            ("listening_note", "case_id", cases),
            ("listening_case", "mention_id", mentions),
            ("listening_label", "mention_id", mentions),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({rows})", [brand.pk])  # noqa: S608 (the same)
        cursor.execute("DELETE FROM listening_mention WHERE brand_id = %s", [brand.pk])
        cursor.execute("DELETE FROM listening_tally WHERE brand_id = %s", [brand.pk])


@transaction.atomic
def remove_sample() -> int:
    """Delete every sample brand, its sources and its invented people. Returns how many brands went."""
    brands = list(Brand.objects.filter(is_sample=True))
    networks = list(Mention.objects.filter(brand__in=brands).values_list("network", flat=True).distinct())
    for brand in brands:
        remove_brand(brand)
    Source.objects.filter(kind=SAMPLE).delete()
    Author.objects.filter(network__in=networks, mentions=None).delete()
    return len(brands)
