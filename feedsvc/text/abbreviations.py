"""Abbreviations: a language and how a piece of text ends in; whether its full stop is no sentence's out.

What sentencex does not know, and what stands before a word it belongs to: titles, references, streets. What may as well
end a sentence, such as `etc.`, is left to it.
"""

from __future__ import annotations

import regex

_WORDS = {
    "af": "mnr mev mej ds bv genl kol kapt",
    "ar": "أ.د ص.ب",
    "bg": "д-р бл ап ет т.е т.н обл о-в т.нар",
    "bn": "ডা ড ডঃ মো মোঃ মোছা প্রফে অধ্যা পৃ নং",
    "ca": "pàg cf st mn aprox",
    "cs": "s tř kpt plk pí popř kap tab mj roč srov",
    "da": "bl.a p.g.a",
    "de": "hrn bd abs abb tab kap inkl exkl bspw zzgl geb gest tel hl dipl okt dez resp allg max",
    "el": "κκ καθ δηλ βλ σελ αρ αριθ αγ τηλ εκ οδ τόμ κεφ εικ πίν περ επιμ μτφρ εκδ πρβλ στρ υπ",
    "en": "ms ft figs eq ch vol ed eds approx est mx",
    "es": "dña profa cf n.º cnel st mons aprox ed",
    "et": "nt lk tn pst mnt pr prl ing mag",
    "fa": "ه.ق ه.ش ر.ک صص",
    "fi": "ks noin tri hra rva nti puh vrt ns st klo mt",
    "fr": "mm mme mlle mgr dr pr me st ste no n° janv févr juill sept oct nov déc bd c.-à-d i.e réf coll trad",
    "hi": "डॉ प्रो श्री सु पं स्व उदा सं पृ कु",
    "hr": "gđa gđica npr tj tzv br str ul sv čl tel dipl usp don fra kap vol odn",
    "hu": "vö ún út ker sz szt ifj özv évf tel em febr márc ápr máj jún júl szept okt kr fej ford szerk",
    "id": "ir dra tn ny sdr hj jl hlm tgl bpk kab kec gg cth lih",
    "it": "dott.ssa prof.ssa pag pagg nn",
    "lt": "doc pvz šv vad psl plg akad vyr inž str tel",
    "lv": "doc piem lpp sv akad inž kap resp plkst tālr",
    "nb": "f.eks dvs pga kl jf inkl ekskl kap tlf evt mht vedr hhv",
    "nl": "mevr mw d.w.z o.a incl excl afb jan feb aug sept okt nov dec ds jhr",
    "pl": (
        "dr mgr inż hab tj m.in al pl św im ks br str nr ok godz gen płk kpt por red wyd tzw ds dn pkt ust art"
        " rozdz tab rys tel ur zm jw"
    ),
    "pt": "profa arq exma p pág págs cf vol cap n.º núm av ltda tel ed st sta séc pe",
    "ro": "dl d-l dna str pag cca vol cap sf av bd jud tel alin red ed",
    "ru": "т.е е пл рис табл гл ст напр доц им св обл оз ред изд ср кн англ лат нем фр букв ок род ум инж ген",
    "sk": "t.j s kap",
    "sl": "mag npr tj sv ul št str gdč oz tel čl gl pr dipl inž prim",
    "sr": "др проф нпр тј тзв бр стр ул св год чл тел инж npr tj br str ul sv god čl",
    "sv": "t.ex t bl.a dvs resp kl jfr ex inkl exkl max tel kap sid febr okt",
    "tr": (
        "doç av müh sn hz örn bkz yy m.ö m.s ss cad sok mah apt çev haz alb yrd şti tel uzm öğr gör blv bul"
        " ing alm der böl"
    ),
    "uk": "т.з просп рис табл гл англ лат нім бл тел ген смт ап",
    "vi": "ts ths gs pgs bs ks tp th.s pts cn tr nxb",
}
_OF = {language: frozenset(words.split()) for language, words in _WORDS.items()} | {
    "nn": frozenset(_WORDS["nb"].split()),
    "no": frozenset(_WORDS["nb"].split()),
}
# Here `3.` is "third"; elsewhere a number with a full stop ends its sentence.
_ORDINAL_LANGUAGES = "az bs cs da de et eu fi fo hr hu is lb lv nb nn no pl sk sl sr tr"
_ORDINALS = frozenset(_ORDINAL_LANGUAGES.split())

_OPENING = "([{«»„“”‚‘’\"'/–—-"
_INITIAL = regex.compile(r"(?:\p{Lu}|[\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Bengali}&&\p{L}])\p{M}*", regex.V1)
_ORDINAL = regex.compile(r"[0-9]{1,2}|[IVX]+")
_LONGEST_INITIAL = 5


def is_abbreviated(text: str, language: str) -> bool:
    """Whether a text ends with an abbreviation, an initial or an ordinal.

    Args:
        language: its first subtag, lower case (BCP 47).
    """
    words = text[-20:].split() if text.endswith(".") else ()
    if not words:
        return False
    word = words[-1][:-1].lstrip(_OPENING)
    if word.casefold() in _OF.get(language, ()):
        return True
    if len(word) > _LONGEST_INITIAL:
        return False
    return bool(_INITIAL.fullmatch(word) or (language in _ORDINALS and _ORDINAL.fullmatch(word)))
