"""Quiet topics that every brand begins with, as queries: health, death, crime, minors. Each brand may change them."""

DEFAULT_TOPICS = (
    (
        "Health",
        'cancer OR suicid* OR depress* OR miscarriage OR chemotherap* OR "heart attack" OR hospital OR "panic attack" '
        'OR "self harm" OR krebs OR krankenhaus OR selbstmord OR suizid* OR fehlgeburt OR cáncer OR suicidio '
        "OR hôpital OR 自殺 OR 入院",
    ),
    (
        "Death",
        '"passed away" OR funeral OR grief OR grieving OR mourning OR "my late" OR widow* OR gestorben OR verstorben* '
        "OR beerdigung OR trauer* OR falleció OR fallecido OR enterrement OR décès OR faleceu OR 葬式",
    ),
    (
        "Crime",
        'rape OR raped OR assault* OR stalk* OR murder* OR "domestic violence" OR abused OR trafficking '
        "OR vergewaltig* OR ermordet OR missbrauch* OR violación OR asesinato OR viol OR meurtre",
    ),
    (
        "Minors",
        '"i am 12" OR "i am 13" OR "i am 14" OR "i am 15" OR "im 12" OR "im 13" OR "im 14" OR "im 15" '
        'OR "i\'m 12" OR "i\'m 13" OR "i\'m 14" OR "i\'m 15" OR "ich bin 12" OR "ich bin 13" OR "ich bin 14" '
        'OR "ich bin 15"',
    ),
)
"""(name, query). "Mourning" and "viol" are words of every day too: a false hit only means a second person looks."""
