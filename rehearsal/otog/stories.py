"""The stories of a banner: which ids of the policy each is about, and what the record must hold of it at the end."""

from collections.abc import Mapping

from i18n import N_
from policies.engine.words import Words
from rehearsal.stories import Climbed, Decided, Ends, Found, Never, Story, Written

CONTRACT, TERMINATION, RESCISSION = "TalentContract", "ContractTermination", "ContractRescission"
ASSESSMENT, PAYMENT = "AnnualTalentAssessment", "TalentPayment"
WORKING_TIME, APPLICATION = "OT-6.3g", "OT-6.3k"
FULFILLED, TERMINATED = Ends(CONTRACT, "closed"), (Ends(TERMINATION, "terminated"), Ends(CONTRACT, "terminated"))
IN_TIME = (Written(TERMINATION, "application_submitted"), Never(TERMINATION, "application_late"))
_BELOW = Words("工作时间占{share}%，是须核实的终止事由", "working time of {share} %: a ground to be confirmed")


def _below(share: str, adjusted: str = "") -> Found:
    figures = {"raw_percent": share} | ({"adjusted_percent": adjusted} if adjusted else {})
    return Found(CONTRACT, WORKING_TIME, "ground_to_confirm", _BELOW.filled(share=share), figures)


STORIES: Mapping[str, Story] = {
    "snow_proved": Story(
        N_("大雪停诊有佐证并经确认：按约定低于70％，扣除后不低于70％"),
        ("OT-6.3g", "G-5", "G-13", "AS-46"),
        (
            Decided(CONTRACT, "settle_excuse", "confirm_excuse"),
            Found(
                CONTRACT,
                WORKING_TIME,
                "ask",
                Words(
                    "按约定占68%，扣除后不低于70%，由旗卫生健康委明确",
                    "68 % as agreed and not below 70 % without the snow: for the commission to say",
                ),
                {"raw_percent": "68", "adjusted_percent": "510/7"},
            ),
            Written(TERMINATION, "ground_not_found"),
            Written(TERMINATION, "deadline_cancelled"),
            Ends(TERMINATION, "no_ground"),
            FULFILLED,
        ),
    ),
    "below": Story(
        N_("季度末工作时间为约定的69.96％"),
        ("OT-6.3g", "DEF-03", "G-2", "AS-40"),
        (_below("69.96"), *IN_TIME, *TERMINATED),
    ),
    "exact": Story(
        N_("季度末工作时间恰为约定的70％"),
        ("OT-6.3g", "G-6", "AS-41"),
        (
            Found(
                CONTRACT,
                WORKING_TIME,
                "early_warning",
                Words("工作时间占70%，不是终止事由，仅作提醒", "working time of 70 %: no ground, a warning only"),
                {"raw_percent": "70"},
            ),
            Never(TERMINATION),
            FULFILLED,
        ),
    ),
    "snow_unproved": Story(
        N_("申报大雪停诊但没有佐证：不予确认，不扣除"),
        ("OT-6.3g", "G-13", "AS-46"),
        (Decided(CONTRACT, "settle_excuse", "dismiss_excuse"), _below("68", "68"), *IN_TIME, *TERMINATED),
    ),
    "last_day": Story(
        N_("得知之日起三个月的最后一日提出书面申请"),
        ("OT-6.3k", "DEF-04", "AS-48"),
        (
            Found(TERMINATION, APPLICATION, "in_time", Words("在期限内", "in time")),
            *IN_TIME,
            Never(TERMINATION, "application_period_passed"),
            *TERMINATED,
        ),
    ),
    "day_late": Story(
        N_("三个月期满后一日才提出书面申请"),
        ("OT-6.3k", "DEF-07", "AS-48", "AS-50"),
        (
            Written(TERMINATION, "application_period_passed"),
            Found(TERMINATION, APPLICATION, "late", Words("逾期，照常受理", "late, and taken all the same")),
            Written(TERMINATION, "application_late"),
            *TERMINATED,
        ),
    ),
    "veto": Story(
        N_("患者满意度69.9％，一票否决经旗卫生健康委确认"),
        ("OT-S12", "OT-6.3e", "G-1", "AS-59", "AS-65"),
        (
            Found(ASSESSMENT, "OT-S12", "candidate", Words("提请决定是否一票否决", "put forward for a veto")),
            Decided(ASSESSMENT, "veto_decision", "confirm_veto"),
            Decided(ASSESSMENT, "assessment_conclusion", "conclude_unqualified"),
            Ends(ASSESSMENT, "assessment_filed"),
            Ends(RESCISSION, "not_pursued"),
            FULFILLED,
        ),
    ),
    "rescinded": Story(
        N_("终止事项办理期间合同因弄虚作假被解除"),
        ("OT-6.3c", "OT-6.3f", "G-3", "G-10", "AS-53"),
        (
            _below("68"),
            Written(TERMINATION, "ground_confirmed"),
            Written(RESCISSION, "cause_verified"),
            Written(RESCISSION, "expert_heard"),
            Ends(RESCISSION, "rescinded"),
            Ends(TERMINATION, "lost_object"),
            Ends(CONTRACT, "rescinded"),
        ),
    ),
    "renewed": Story(
        N_("合同期满前续签，作为新合同办理"),
        ("OT-2.1c", "OT-6.2b"),
        (FULFILLED, Ends(CONTRACT, "closed", at=1), Never(TERMINATION)),
    ),
    "late_check_in": Story(
        N_("一次季度小结逾期，逐级上报"),
        ("OT-6.1c", "DEF-06", "DEF-17"),
        (
            Climbed(CONTRACT, "talent_check_in", "overdue_3", Words("逾期3个工作日上报", "3 working days overdue: up")),
            FULFILLED,
        ),
    ),
    "paid": Story(
        N_("从年度经费申请并拨付奖补"), ("OT-5a", "OT-5d", "OT-7.2"), (Ends(PAYMENT, "payment_paid"), FULFILLED)
    ),
    "ordinary": Story(
        N_("考核数据落在评分表空白处，其余照常履行"),
        ("OT-6.1e", "OT-S1", "G-7", "AS-54"),
        (Written(ASSESSMENT, "gaps_settled"), Ends(ASSESSMENT, "assessment_filed"), Never(TERMINATION), FULFILLED),
    ),
}
