"""The words of the pages, English and French."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: dict[str, tuple[str, str]] = {
    "search": ("Search", "Chercher"),
    "statements": ("Statements", "Déclarations"),
    "speakers": ("Who is quoted", "Qui est cité"),
    "compare": ("Side by side", "Côte à côte"),
    "overview": ("Overview", "Vue d'ensemble"),
    "paste": ("Read a text", "Lire un texte"),
    "words": ("Words", "Mots"),
    "words_hint": ('"phrase", begin*, a OR b, -without', '"expression", début*, a OR b, -sans'),
    "speaker": ("Speaker", "Locuteur"),
    "outlet": ("Outlet", "Journal"),
    "act": ("Act", "Acte"),
    "type": ("How given", "Forme"),
    "language": ("Language", "Langue"),
    "after": ("From", "À partir du"),
    "before": ("Until", "Jusqu'au"),
    "any": ("any", "tous"),
    "order": ("Order", "Ordre"),
    "newest": ("newest first", "les plus récentes d'abord"),
    "oldest": ("oldest first", "les plus anciennes d'abord"),
    "relevance": ("best match first", "les plus proches d'abord"),
    "more": ("More", "Suite"),
    "nothing": ("Nothing was found.", "Rien n'a été trouvé."),
    "unknown": ("speaker not known", "locuteur inconnu"),
    "undated": ("undated", "sans date"),
    "carried": ("carried {0} times", "reprise {0} fois"),
    "first_by": ("first by {0}", "d'abord par {0}"),
    "sure": ("sure", "sûr"),
    "why": ("How we know", "Comment on le sait"),
    "article": ("Article", "Article"),
    "as_published": ("The article with its statements", "L'article et ses déclarations"),
    "permanent": ("permanent link", "lien permanent"),
    "name": ("Name", "Nom"),
    "number": ("Statements", "Déclarations"),
    "articles": ("Articles", "Articles"),
    "direct": ("quoted", "cité"),
    "indirect": ("paraphrased", "rapporté"),
    "mixed": ("partly quoted", "cité en partie"),
    "first": ("First", "Première"),
    "latest": ("Latest", "Dernière"),
    "gender": ("Gender, where the articles show it", "Genre, là où les articles le montrent"),
    "feminine": ("feminine", "féminin"),
    "masculine": ("masculine", "masculin"),
    "not_known": ("not known", "inconnu"),
    "month": ("By month", "Par mois"),
    "share": ("Share", "Part"),
    "left": ("On the left", "À gauche"),
    "right": ("On the right", "À droite"),
    "show": ("Show", "Montrer"),
    "text": ("Text of an article", "Texte d'un article"),
    "read": ("Read", "Lire"),
    "keep": ("Keep in the store", "Garder dans la réserve"),
    "kept": ("It is kept.", "C'est gardé."),
    "told": ("told", "dit-on"),
    "store": ("Store", "Réserve"),
    "skip": ("Skip to the content", "Aller au contenu"),
    "denied": ("Denials are framed in red.", "Les démentis sont encadrés en rouge."),
    "error": ("That did not work", "Cela n'a pas marché"),
    "not_found": ("There is nothing here.", "Il n'y a rien ici."),
    "everything": ("Everything on record", "Tout ce qui est consigné"),
    "download": ("Download", "Télécharger"),
    "offline": ("Nothing leaves this machine.", "Rien ne quitte cette machine."),
    "thinks": ("thinks or wants", "pense ou veut"),
    "review": ("Review", "Relecture"),
    "review_what": ("The least certain first. Enter confirms.", "Les moins sûres d'abord. Entrée confirme."),
    "confirm_it": ("Right", "Juste"),
    "reject_it": ("No statement", "Pas une déclaration"),
    "correct_it": ("Somebody else", "Quelqu'un d'autre"),
    "who_else": ("Who says it", "Qui le dit"),
    "skip_it": ("Skip", "Passer"),
    "undo_it": ("Undo the last one", "Annuler la dernière"),
    "your_name": ("Your name, kept with it", "Votre nom, gardé avec"),
    "nothing_left": ("Nothing is left to review.", "Il ne reste rien à relire."),
    "confirmed": ("confirmed", "confirmée"),
    "rejected": ("judged to be no statement", "jugée n'être pas une déclaration"),
    "judged_speaker": ("judged to be said by {0}", "jugée dite par {0}"),
    "assert": ("says", "dit"),
    "deny": ("denies", "dément"),
    "confirm": ("confirms", "confirme"),
    "announce": ("announces", "annonce"),
    "promise": ("promises", "promet"),
    "warn": ("warns", "avertit"),
    "demand": ("demands", "exige"),
    "propose": ("proposes", "propose"),
    "question": ("asks", "demande"),
    "accuse": ("accuses", "accuse"),
    "praise": ("praises", "loue"),
    "decline": ("declines to say", "refuse de dire"),
    "not": ("does not: {0}", "ne le fait pas : {0}"),
    "retraction": ("retracted by the newspaper", "article retiré par le journal"),
    "correction": ("corrected by the newspaper", "article corrigé par le journal"),
}


def words_for(accepted: str | None) -> Mapping[str, str]:
    """The words in French where a browser asks for French before English, else in English; `lang` names which."""
    column = int(_wants_french(accepted or ""))
    return {name: both[column] for name, both in WORDS.items()} | {"lang": ("en", "fr")[column]}


def _wants_french(accepted: str) -> bool:
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            ranked.append((-float(quality or 1), place, tag[:2].lower()))
        except ValueError:
            continue
    return next((tag == "fr" for _, _, tag in sorted(ranked) if tag in ("fr", "en")), False)
