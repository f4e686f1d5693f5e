"""The usual way of each lifecycle through the pack's stages, for the process map; detours show once taken."""

from collections.abc import Mapping

_REPORT = ("reporting", "report_approval", "reported")
ROADS: Mapping[str, tuple[str, ...]] = {
    "DemandCycle": ("reporting", "balancing", "post_published"),
    "InstitutionDemand": _REPORT,
    "HospitalSupply": _REPORT,
    "Balancing": ("balancing", "balanced"),
    "PostingCase": ("applied", "under_two_way_review", "matched", "submitted_for_filing", "filed"),
    "TrainingPlacement": (
        "trainee_listed",
        "placing",
        "training_consent",
        "hospital_review",
        "matched",
        "submitted_for_filing",
        "filed",
    ),
    "FilingBatch": ("compiling", "bureau_review", "filed"),
    "ServiceTerm": (
        "onboarding",
        "in_service",
        "term_completed",
        "under_evaluation",
        "graded",
        "outcome_applied",
        "archived",
    ),
    "GradeBatch": ("grading", "grades_closed"),
    "InspectionRectification": ("inspecting", "rectifying", "verifying", "rectified"),
    "PromotionServiceGate": ("weighing_service", "gate_met"),
    "AnnualSummary": ("summarising", "collecting", "collected"),
    "SeniorGpClinic": ("agreeing_clinics", "clinics_running", "clinics_done"),
    "AnnualExchange": ("exchange_missing", "exchange_held"),
    "TalentCall": ("talents_reminding", "talents_reminded"),
    "AssessmentMethodFiling": ("method_drafting", "method_filing", "in_force"),
    "TalentContract": (
        "need",
        "nominated",
        "qualification_review",
        "preliminary_selection",
        "comprehensive_evaluation",
        "filed",
        "contracting",
        "active",
        "final_acceptance",
        "closed",
    ),
    "PayTotal": (
        "pay_questions",
        "pay_total_drafting",
        "pay_total_approval",
        "pay_distributing",
        "pay_year_settled",
    ),
    "ContractTermination": ("confirming_ground", "recommending", "applying", "termination_applied", "terminated"),
}
