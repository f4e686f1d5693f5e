"""Every form that a lifecycle prints. A new form is a function from the case to its parts, and a line in its module."""

from collections.abc import Mapping

from services.official import assessment, demand, ends, evaluation, filing, pay, talent
from services.official.reading import FormType

_OF_TALENT = (*ends.FORMS, *talent.FORMS, *assessment.FORMS)
FORMS: Mapping[str, FormType] = {
    form.name: form for form in (*demand.FORMS, *filing.FORMS, *evaluation.FORMS, *pay.FORMS, *_OF_TALENT)
}
