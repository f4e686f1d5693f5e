"""The closed words of institutions and people, with the Chinese words that an office types (policy.md section 5)."""

from collections.abc import Mapping
from typing import get_args

from i18n import LANGUAGES, N_
from policies.vocabulary import SENT_DOWN, TRAINEE, Profession, Title

INSTITUTION_KINDS: Mapping[str, str] = {
    "county_health_bureau": N_("县卫生健康局"),
    "hrss_bureau": N_("人社局"),
    "finance_bureau": N_("财政局"),
    "insurance_bureau": N_("医保局"),
    "health_group": N_("健康保健集团"),
    "county_hospital": N_("县级公立医院"),
    "central_township_hospital": N_("中心卫生院"),
    "township_hospital": N_("乡镇卫生院"),
    "community_health_centre": N_("社区卫生服务中心"),
    "village_clinic": N_("村卫生室"),
    "banner_health_commission": N_("旗卫生健康委员会"),
    "banner_public_hospital": N_("旗公立医院"),
    "banner_finance_bureau": N_("旗财政局"),
    "mediation_committee": N_("医疗纠纷调解委员会"),
    "outside_unit": N_("旗外派出单位"),
}
PROFESSIONS: Mapping[str, str] = {
    "practising_physician": N_("执业医师"),
    "assistant_physician": N_("执业助理医师"),
    "nurse": N_("护士"),
    "technician": N_("技师"),
    "pharmacist": N_("药师"),
}
TITLES: Mapping[str, str] = {
    "none": N_("无职称"),
    "junior": N_("初级"),
    "intermediate": N_("中级"),
    "associate_senior": N_("副高级"),
    "full_senior": N_("正高级"),
}
PROGRAMMES: Mapping[str, str] = {SENT_DOWN: N_("县聘乡用"), TRAINEE: N_("乡管县育")}
LANGUAGE_NAMES: Mapping[str, str] = dict(zip(LANGUAGES, ("中文", "English"), strict=True))

if set(PROFESSIONS) != set(get_args(Profession)) or set(TITLES) != set(get_args(Title)):
    raise TypeError("the words of sheets and the words of rules differ")


def code_of(words: Mapping[str, str], typed: str) -> str:
    """The code for what was typed, as a code or in Chinese; what is neither comes back as it is."""
    return next((code for code, chinese in words.items() if typed in (code, chinese)), typed)
