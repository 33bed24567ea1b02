"""Where sentences begin and end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reading.sentences import MIN_CHARACTERS, sentences


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "潮汐表今天贴出来了，大家都能看。明天的海上会不会再刮大风呢？谁也不知道，大家只能等着看。",
            [
                "潮汐表今天贴出来了，大家都能看。",
                "明天的海上会不会再刮大风呢？",
                "谁也不知道，大家只能等着看。",
            ],
        ),
        (
            "他说：“今天的潮水来得比往常更早一些。”然后他就走回灯塔里面去了。",
            ["他说：“今天的潮水来得比往常更早一些。”", "然后他就走回灯塔里面去了。"],
        ),
        (
            "The boats leave at six. The wind is from the west.",
            ["The boats leave at six.", "The wind is from the west."],
        ),
        (
            "Version 5.2.0 costs 3.50 a month for everyone.",
            ["Version 5.2.0 costs 3.50 a month for everyone."],
        ),
        (
            "Mr. Smith met Dr. Jones at No. 5 on the quay. They sailed at six.",
            ["Mr. Smith met Dr. Jones at No. 5 on the quay.", "They sailed at six."],
        ),
        (
            "هل كان البحر هادئا اليوم؟ ذهبنا إلى الميناء القديم۔",
            ["هل كان البحر هادئا اليوم؟", "ذهبنا إلى الميناء القديم۔"],
        ),
        ("आज समुद्र शांत था। हम बंदरगाह पर गए।", ["आज समुद्र शांत था।", "हम बंदरगाह पर गए।"]),
        ("ယနေ့ ပင်လယ်ပြင် ငြိမ်သက်သည်။ ဆိပ်ကမ်းသို့ သွားကြသည်။", ["ယနေ့ ပင်လယ်ပြင် ငြိမ်သက်သည်။", "ဆိပ်ကမ်းသို့ သွားကြသည်။"]),
        ("ថ្ងៃនេះសមុទ្រស្ងប់ស្ងាត់។ យើងទៅកំពង់ផែចាស់។", ["ថ្ងៃនេះសមុទ្រស្ងប់ស្ងាត់។", "យើងទៅកំពង់ផែចាស់។"]),
        ("ዛሬ ባሕሩ ጸጥ ያለ ነበር። ወደ ወደቡ ሄድን በእግር።", ["ዛሬ ባሕሩ ጸጥ ያለ ነበር።", "ወደ ወደቡ ሄድን በእግር።"]),
        (
            "Dr. Ada Fenn met J. K. Marlow of the U.S. Coast Guard. It cost approx. 3.5 million, e.g. for ropes.",
            [
                "Dr. Ada Fenn met J. K. Marlow of the U.S. Coast Guard.",
                "It cost approx. 3.5 million, e.g. for ropes.",
            ],
        ),
        (
            "In this order:\n1. Open the valve slowly.\n2. Close it once more.",
            ["In this order:", "1. Open the valve slowly.", "2. Close it once more."],
        ),
        (
            "《谁知道明天会不会下雨？》这本书在岛上卖得很好。他们每个星期都要再订十本。",
            ["《谁知道明天会不会下雨？》这本书在岛上卖得很好。", "他们每个星期都要再订十本。"],
        ),
        (
            "「明日の潮はいつもより早い。」と言った老人は灯台に戻った。次の日の朝も風が強かった。",
            ["「明日の潮はいつもより早い。」と言った老人は灯台に戻った。", "次の日の朝も風が強かった。"],
        ),
        (
            "The library opens at 9 a.m. on weekdays and closes at 5 p.m. in summer. Books, maps etc. may be borrowed.",
            [
                "The library opens at 9 a.m. on weekdays and closes at 5 p.m. in summer.",
                "Books, maps etc. may be borrowed.",
            ],
        ),
        (
            "Die Anmeldung beginnt am 15. August und endet am 3. September. Es kostet 5 Mio. Euro, z. B. für Boote.",
            [
                "Die Anmeldung beginnt am 15. August und endet am 3. September.",
                "Es kostet 5 Mio. Euro, z. B. für Boote.",
            ],
        ),
        (
            "Trajekt vyplouvá 1. června v poledne. Lautta lähtee 3. toukokuuta aamulla.",
            ["Trajekt vyplouvá 1. června v poledne.", "Lautta lähtee 3. toukokuuta aamulla."],
        ),
        (
            "it was raining all day long. we stayed at home until the evening.",
            ["it was raining all day long.", "we stayed at home until the evening."],
        ),
        (
            "积分什么时候会过期？\n每年十二月三十一日清零。\n可以开发票吗？\n可以开电子普通发票。",
            ["积分什么时候会过期？\n每年十二月三十一日清零。", "可以开发票吗？\n可以开电子普通发票。"],
        ),
        (
            "The harbour master turned ships away on Sept. 3 near Mt. Orr. Capt. Fenn of Acme Corp. agreed.",
            ["The harbour master turned ships away on Sept. 3 near Mt. Orr.", "Capt. Fenn of Acme Corp. agreed."],
        ),
        (
            "请照着下面的步骤做：1. 先慢慢打开港口的大阀门。2. 再把水位记在门后的本子上。",
            ["请照着下面的步骤做：1. 先慢慢打开港口的大阀门。", "2. 再把水位记在门后的本子上。"],
        ),
        (
            "Le gardien a dit : « Rentrez tous avant la nuit ! » Puis il est parti vers le phare.",
            ["Le gardien a dit : « Rentrez tous avant la nuit ! »", "Puis il est parti vers le phare."],
        ),
        (
            "Il a répondu : « La mer est trop haute ce soir. » Personne ne l’a cru avant minuit.",
            ["Il a répondu : « La mer est trop haute ce soir. »", "Personne ne l’a cru avant minuit."],
        ),
        (
            "Der Wärter rief laut in den Sturm! »Kommt alle zurück«, stand auf der Tafel am Hafen.",
            ["Der Wärter rief laut in den Sturm!", "»Kommt alle zurück«, stand auf der Tafel am Hafen."],
        ),
        ("好。", ["好。"]),
        ("好。潮汐表今天贴出来了，大家都能看。", ["好。潮汐表今天贴出来了，大家都能看。"]),
        (
            "first line of the verse\nsecond line of the verse",
            ["first line of the verse", "second line of the verse"],
        ),
        ("", []),
        ("\n\n", []),
    ],
)
def test_splits_as_readers_do(text: str, expected: list[str]) -> None:
    assert _split(text) == expected


@given(st.text(alphabet=st.sampled_from("潮汐ab 。.！?\n；”"), max_size=200))
def test_every_character_but_white_space_is_in_exactly_one_sentence(text: str) -> None:
    spans = sentences(text)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert "".join("".join(_split(text)).split()) == "".join(text.split())
    assert all(len(piece) >= 1 for piece in _split(text))
    assert len(text.strip()) < MIN_CHARACTERS or spans
