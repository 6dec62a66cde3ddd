"""What the reference pages say that the code does not say about itself; see `generate.py`."""

from __future__ import annotations

from typing import Any

from costsim.scenario import model, pathways, quantities, schema

EXIT_CODES = {
    0: "done",
    1: "done, but a check failed, or some draws could not be evaluated; the results are written",
    2: "wrong command line",
    3: "the scenario, or a table of draws, has problems; nothing was run",
    4: "a file cannot be read or written, or the installation is broken",
    5: "a fault of costsim; the message names a log file",
    130: "interrupted",
}

# --- the scenario file ---------------------------------------------------------------------------

SCENARIO_FILE = """\
Every key of a scenario. [Write a scenario](../how-to/write-a-scenario.md) explains them with
examples. `costsim schema` prints the same for editors, as JSON Schema.

The keys of [a site](#site), except its `title` and `published`, may stand at the top of the
file: then they hold for every site. A file without `sites` is one site. A file or a site may
have `extends`, with the name of a file in the same folder or of a site. *Names* are your own,
in lower-case letters, digits and underscores.

Where it says *or `by_...`*, what is written may differ by an attribute of the referral:
`by_need: {lower: ..., higher: ...}`."""

CASE_TIME = "a [time](#numbers), or a [distribution](#distributions), or `by_...`"

ALIASES: tuple[tuple[Any, str], ...] = (
    (model.Text, "text"),
    (model.Name, "a name"),
    (model.Pounds, "money"),
    (model.Share, "share"),
    (model.Years, "years or months"),
    (model.Real, "number"),
    (model.Whole, "whole number"),
    (model.Year, "a year, such as 2024-25"),
    (pathways.Staffing, f"roles, each with {CASE_TIME}; or a list of such turns"),
    (pathways.Branches, "a name; or names, each with a [share](#numbers) or `rest`"),
    (quantities.Portions, "names, each with a [share](#numbers) or `rest`"),
    (schema.Day, "a date, such as 2024-04-01"),
)

UNLESS = {
    ("Scenario", "sites"): "one site, from the keys at the top",
    ("Discounting", "rate"): "3.5%",
    ("Scenario", "uncertainty"): "",
    ("Uncertainty", "draws"): "10,000, or 1,000 where each is simulated",
    ("Uncertainty", "target"): "no target",
    ("Referrals", "per_year"): "**must be given**, except with dates",
    ("Leakage", "to"): "the old pathway's `start`",
}

PLAIN: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
}

NUMBERS = {
    "Money": "money",
    "Spending": "money, or with an `agency`",
    "Duration": "time",
    "Proportion": "share",
    "Number": "number",
    "Count": "whole number",
    "Waiting": "whole number of cases",
    "Headcount": "whole number or `unlimited`",
    "Period": "years or months",
    "DiscountRate": "yearly rate",
    "Growth": "yearly growth",
}

WRITTEN_AS = {
    "Money": "`£43.40`, `£1,234`, `43.4`",
    "Spending": "as money; `{value: £500, agency: the NHS}`",
    "Duration": "`30 min`, `2.5 h`, `15 days`, `3 weeks` (working days; 5 to a week), `0`",
    "Proportion": "`80%`, `0.8`",
    "Number": "`120`, `1,200`, `7.4`",
    "Count": "`12`",
    "Waiting": "`25`, `0`",
    "Headcount": "`4`, `unlimited`",
    "Period": "`3 years`, `6 months`, `0`",
    "DiscountRate": "`3.5%`",
    "Growth": "`2%`, `-1%`",
}

NUMBERS_INTRODUCTION = """\
Any number may be written bare, such as `30 min`, or with its story, such as `{value: 30 min,
source: a log of 20 cases}`. The `uncertain` range of a whole number is written in whole numbers;
sensitivity analysis rounds what it takes from it to the nearest one:"""

DISTRIBUTIONS_INTRODUCTION = """\
Wherever a time may be a distribution, and under `uncertain`, exactly one family is named:
`{gamma: {mean: 49 min, sd: 30 min}}`. It may also have `source`, `assumed` and `note`. A bare
time is the same for every case."""

UNSURE_INTRODUCTION = """\
Under `uncertain` any of these says how unsure one number is: what it might truly be. There `se` and
`data` speak of the mean. And there alone may stand:"""

# --- Python names --------------------------------------------------------------------------------

PARTS_INTRODUCTION = """\
These are not imported. They are what the names above give and take. Two more stand in the
signatures: `Where` is the path to one part of a scenario, a tuple of keys and positions.
`Progress` is a function of `(done, of)`."""

PARTS = (
    "OptionResult", "Metrics", "Times", "Comparison", "costsim.results.checks.Check", "Swing",
    "Priced", "Place", "Family",
    "costsim.uncertainty.draws.Draws",
    "costsim.uncertainty.parameters.Parameters",
    "costsim.uncertainty.spread.Spread",
    "costsim.uncertainty.spread.Probability",
    "costsim.uncertainty.acceptability.Acceptability",
    "costsim.uncertainty.steady.Steady",
    "costsim.uncertainty.switching.Switch",
    "costsim.uncertainty.indices.shares.SobolIndices",
    "costsim.uncertainty.indices.morris.MorrisEffects",
    "costsim.uncertainty.indices.found.Indices",
    "costsim.uncertainty.discovery.result.Discovery",
    "costsim.uncertainty.information.worths.PartialInformation",
    "costsim.uncertainty.information.worths.FactorWorth",
    "costsim.uncertainty.information.evpi.PerfectInformation",
    "costsim.uncertainty.information.evsi.SampleValue",
)  # fmt: skip

# --- results -------------------------------------------------------------------------------------

RESULTS = """\
What a run gives: the figures of `summary.json`, the columns of its tables, and the other files
of the results folder. Money is in pounds of the scenario's price year."""

FIGURES_INTRODUCTION = """\
They stand in `summary.json` under `programme`, for all sites together, and under `sites`, for
each. In Python they are fields of `economics` and `timeliness`. A simulated figure is
`{"value", "mcse", "ci95": [low, high]}`: its Monte Carlo standard error, and its 95% interval
over replications. An exact figure is `{"value"}`. `null` as a payback, or as an end of its
interval, stands for never within the horizon. Where a figure is given by pathway, it has one
entry for each: `old`, `new`, or their names in the scenario. [The
economics](../explanation/the-economics.md) has the formulas."""

FIGURES = {
    "referrals_per_year": "baseline referrals a year, from the scenario",
    "cost_per_case": "£ per baseline referral, by pathway",
    "per_case_saving": "£ saved per baseline referral at full roll-out",
    "annual_saving": "£ saved a year at full roll-out, after the change in running costs",
    "annual_running_cost_change": "£ a year by which running costs rise; negative if they fall",
    "staff_hours_released_per_year": "hours of staff time, all roles together",
    "fte_released": "the same in full-time posts",
    "one_off_cost": "£ spent at the beginning",
    "double_running_cost": "£ over the horizon that the new way costs while the old one goes on",
    "horizon_years": "years of the appraisal, a plain number",
    "total_saving": "£ over the horizon, before the one-off cost, undiscounted",
    "net_benefit": "£ over the horizon, after the one-off cost, undiscounted",
    "net_present_value": "£, the same discounted",
    "benefit_cost_ratio": "present value of benefits over that of costs; `null` without costs",
    "return_on_investment": "net benefit over undiscounted costs; `null` without costs",
    "internal_rate_of_return": "discount rate a year at which the net present value would be zero; "
    "`null` where there is no such rate or more than one",
    "payback_years": "years until savings have covered the one-off cost",
    "discounted_payback_years": "the same with discounted savings",
    "adjusted_total_saving": "`total_saving` after the allowance for optimism bias; `null` where "
    "the scenario declares none, as are the five below",
    "adjusted_net_benefit": "`net_benefit` after it",
    "adjusted_net_present_value": "`net_present_value` after it",
    "adjusted_benefit_cost_ratio": "`benefit_cost_ratio` after it",
    "adjusted_payback_years": "`payback_years` after it",
    "adjusted_discounted_payback_years": "`discounted_payback_years` after it",
    "staff_time_saving": "£ of staff time saved over the horizon, at what its hours cost",
    "cashable_saving": "£ of it that is cash: whole posts that fall vacant, not filled again",
    "break_even_referrals_per_year": "referrals a year at which the net benefit is zero",
    "expected_per_case_saving": "the saving per case by arithmetic alone, where there is one",
    "time_to_decision_days": "`mean`, `p50` and `p90`, working days from referral to outcome",
    "time_to_decision_calendar_days": "the same in calendar days",
    "days_sooner": "working days by which the mean decision comes sooner",
    "waiting_days_per_case": "working days a case waits, from reaching activities to their start",
    "within_target": "share of decisions within the target `decision`; `null` without one",
    "other_targets": "the same for each other target, by its name and by pathway",
    "withdrawn_share": "share of referrals that were withdrawn",
    "outcome_share": "share of referrals that ended in each outcome, by outcome and pathway",
    "utilisation": "share in use of the time that a limited role has for this, by pathway",
}

SUMMARY = {
    "schema": "`costsim.summary/1`",
    "scenario": "`title`, `file`, `sha256` of its files together, `price_year`",
    "engine, seed, replications, versions": "how it was computed",
    "precision": "£ either way that was asked for; `null` if a number of replications was",
    "interrupted": "whether it was stopped before it was precise enough; what was done is whole",
    "gain_of_shared_luck": "times as many replications that independent luck would take",
    "comparator, option": "the pathway compared with, and the one that is reported first",
    "programme": "the figures of all sites together",
    "sites": "the figures of each site, by its name",
    "published": "`name`, `published`, `computed`, `agrees` (null: too few to judge), `note`",
    "checks": "a list of `name`, `passed`, `detail`, `decided` (false: too little to go by)",
    "warnings": "a list of sentences",
    "alternatives": "`programme` and `sites` of further options, where there are any",
}

CASES = """\
One row for each replication, site, referral and pathway. After these columns comes one for each
attribute of the referrals, such as `need`. Days count working days from `calendar: start`, the
first simulated day, which is before any warm-up.

Rows with `counted` false are in no figure. They are referrals that came during the warm-up, or
after the time that is counted, and cases of the backlog. Referrals are numbered as they come;
then come those that only easier access brings, and last the backlog, activity by activity in
alphabetical order. A row of the backlog has `counted` false and `arrived` 0, for it waits when
the clock starts. Where easier access brings extra referrals, the backlog has higher numbers under
the new pathway than under the old. `costsim trace` takes the number under the old pathway."""

LEDGER = """\
One row for each visit to an activity and each role there. Times are those of the visit."""

CASHFLOW = "One row for each year, of the programme first, then of each site."

CASHFLOW_COLUMNS = {
    "of": "`programme`, or the name of a site",
    "year": "0 is the moment of spending, 1 the year after it",
    "saving": "£ saved in the year, before running costs",
    "running_cost_change": "£ by which running costs rose in the year",
    "double_running": "£ that the new way cost while the old one went on beside it",
    "net_saving": "`saving` less `running_cost_change` and `double_running`",
    "cumulative": "net savings so far less the one-off cost",
    "discount_factor": "what £1 of the year is worth at time 0",
    "discounted_net": "net saving, less the one-off cost in year 0, times the factor",
    "discounted_cumulative": "the sum of `discounted_net` so far",
    "one_off": "the one-off cost, in year 0",
}

CASHABILITY = """One row for each role and year, of each site, under the main option: from the
staff time saved to cash. `staff_time` less `part_posts`, `not_vacated` and `filled_again` is
`cash`. How it is worked out: [The economics](../explanation/the-economics.md#cash-or-capacity)."""

CASHABILITY_COLUMNS = {
    "of": "name of the site",
    "role": "staff role",
    "year": "year of the appraisal, from 1",
    "hours": "hours of the role's time that are saved in the year; negative if more are needed",
    "posts": "the same in full-time posts",
    "whole_posts": "whole posts that these make",
    "vacated": "posts that have fallen vacant before the year begins, as far as they are whole",
    "posts_gone": "posts that can go: the fewer of the two",
    "staff_time": "£, the hours at the role's cost",
    "part_posts": "£ of hours that make no whole post",
    "not_vacated": "£ of whole posts that nobody leaves",
    "filled_again": "£ of vacant posts that are filled again for other work",
    "cash": "£ that is cash",
}

ACTIVITIES = """\
What each activity takes and costs, for each baseline referral, on the average of all replications:
a row for each site, pathway, activity and role. The costs of a pathway add up to its
`cost_per_case`. Referrals of an option that follow the comparator's pathway are in its rows, by
`route`."""

ACTIVITIES_COLUMNS = {
    "of": "name of the site",
    "pathway": "whose world it is: that of the comparator or of an option",
    "route": "the pathway that the activity belongs to",
    "activity": "the activity",
    "role": "staff role; `other` for cost other than staff, `none` where nobody works",
    "visits": "visits to the activity per referral, the same on the rows of all its roles",
    "minutes": "staff minutes per referral",
    "price": "£ an hour; for `other` £ a visit",
    "cost": "£ per referral",
}

BUDGET = """\
The budget view: the same money by financial year, April to March, in the prices of each year
(nominal), from `calendar: start`. No rows where a year has no deflator; a warning tells of it."""

BUDGET_COLUMNS = {
    "of": "`programme`, or the name of a site",
    "financial_year": "such as 2024-25",
    "price_level": "what £1 of the scenario's price year is in prices of this year",
    "one_off": "£ of the one-off cost",
    "saving": "£ saved, all staff time at its cost",
    "running_cost_change": "£ by which running costs rise",
    "double_running": "£ of double running",
    "net": "`saving` less the three costs",
    "cumulative": "the sum of `net` so far",
    "other_saving": "£ of the saving that is not staff time, and so is cash",
    "cash": "£ of staff time that is cash, as in `cashability.csv`",
    "own_staff": "£ of the costs that is time of staff who are paid anyway: in co-production, and "
    "in double running",
    "net_cash": "`cash` and `other_saving` less the three costs, `own_staff` apart",
    "cumulative_cash": "the sum of `net_cash` so far",
}

AGENCIES = """\
Who pays and who gains over the horizon, undiscounted but for the last column, in the scenario's
prices. Money for which no agency is named is the council's. The rows of one owner add up to its
cash flow."""

AGENCIES_COLUMNS = {
    "of": "`programme`, or the name of a site",
    "agency": "`the council`, or the name that the scenario gives",
    "one_off": "£ of the one-off cost",
    "saving": "£ saved, before the costs beside it; negative where it loses",
    "running_cost_change": "£ by which running costs rise",
    "double_running": "£ of double running",
    "net_benefit": "`saving` less the three costs",
    "net_present_value": "the same discounted",
}

EFFECTS = """\
Cost-effectiveness: a row for each effect and pathway, per case, over all sites. Differences are
against the comparator with their 95% intervals, which know that both pathways met the same
referrals. Empty where there is none: an ICER without a difference in effect is not defined."""

EFFECTS_COLUMNS = {
    "of": "the effect: `decision_days`, `within_target`, or a name of the scenario's",
    "pathway": "the pathway",
    "effect": "mean of a case, as it is measured",
    "cost": "£ per case",
    "incremental_effect": "how much better than the comparator; fewer days are better",
    "incremental_effect_low": "lower end of its interval",
    "incremental_effect_high": "upper end of its interval",
    "incremental_cost": "£ by which a case costs more than under the comparator",
    "incremental_cost_low": "lower end of its interval",
    "incremental_cost_high": "upper end of its interval",
    "standing": "`on the frontier`, `dominated` or `extendedly dominated`; or `none`",
    "icer": "£ for one more unit of effect than `compared_with`",
    "compared_with": "the pathway before it on the frontier",
    "worth": "£ that one unit is worth, from the scenario",
    "net_monetary_benefit": "£: the better effect at its worth, less the incremental cost",
    "net_monetary_benefit_low": "lower end of its interval",
    "net_monetary_benefit_high": "upper end of its interval",
}

MANIFEST = {
    "schema": "`costsim.manifest/1`",
    "inputs": "each file of the scenario with its SHA-256",
    "engine, seed, replications, kept": "how it was computed; replications in full",
    "versions": "of Python and of the packages that results depend on",
    "command": "the command as given, without folders",
    "files": "every other file of the folder with its SHA-256",
}

ANALYSES = """\
What `costsim uncertainty`, `costsim sensitivity` and `costsim voi` leave: in the new folder that
`--out` names, or for a folder of results in its `analyses`, where `costsim report` finds them. An
earlier analysis of the same kind is replaced; the files of the run never are."""

ANALYSES_FILES = {
    "uncertainty.json": "what `costsim uncertainty` found, as below",
    "sensitivity.json": "what `costsim sensitivity` found: `swings` of the tornado, `switches`, "
    "and `two_way`, `global` and `discovery` where they were asked for; what is below beside them",
    "voi.json": "what `costsim voi` found, as below",
    "draws.parquet": "a row for each draw of `costsim uncertainty`: every uncertain input by its "
    "name, in minutes, pounds, fractions or numbers, then every outcome of each option, as "
    "`net_benefit.new`. What was not simulated in a draw is missing (nan); a payback that never "
    "comes is infinite",
    "samples.csv": "the same draws for other programs, and for `costsim voi samples.csv`: inputs, "
    "and `net_benefit` of each option. Draws that could not be evaluated are left out",
    "figures/": "the pictures, each an SVG file",
}

ANALYSIS = """\
Each analysis is kept as it is shown: paragraphs, tables and pictures, from which the screen, the
report and the workbook are made. The keys of its JSON:"""

ANALYSIS_KEYS = {
    "schema": "`costsim.analysis/1`; of `sensitivity.json` outside a folder of results "
    "`costsim.oneway/1`",
    "kind": "`uncertainty`, `sensitivity` or `voi`",
    "title": "its title",
    "paragraphs": "what it says, in words",
    "tables": "a list of `name`, `caption`, `note`, `columns` (each with `name`, `title` and "
    "`kind`) and `rows`. A cell is text, or a figure: its `number`, which is null where it is "
    "infinite or does not exist, and how it is `shown`",
    "pictures": "a list of figures: their text, their SVG, and the table of what they show",
    "warnings": "what must not be missed",
    "interrupted": "whether there are fewer draws or inputs than were asked for",
    "settings": "what would repeat it: the scenario and its hash, draws, seed, versions",
}

SCHEMAS_INTRODUCTION = """\
Data for programs carry the name of their form. The number rises when something that was there
changes its meaning or goes; something new may be added without."""

SCHEMAS = {
    "costsim.summary/1": "`summary.json`, and `costsim run --json`",
    "costsim.manifest/1": "`manifest.json`",
    "costsim.analysis/1": "`costsim uncertainty --json` and `costsim voi --json`, and every "
    "analysis in a folder of results",
    "costsim.oneway/1": "`costsim sensitivity --json`, and its `sensitivity.json`",
    "costsim.trace/1": "`costsim trace --json`",
    "costsim.assumptions/1": "`costsim check --json`",
    "costsim.problems/1": "problems of a scenario, where `--json` was asked for",
}

# --- error codes ---------------------------------------------------------------------------------

ERROR_CODES = """\
Codes stay the same from version to version. [Put errors right](../how-to/fix-errors.md) says
how to read a message. In the last column … stands for what depends on your file. It is empty
where the whole message does."""

GROUPS = {
    "CS1": "the file as text",
    "CS2": "keys",
    "CS3": "single values",
    "CS4": "things that do not fit together",
    "CS5": "what a file or a site extends",
    "CS6": "a table of draws",
}

# Calls whose next argument is the message itself.
SPEAKERS = frozenset({
    "refusal", "Problem", "problem", "_report", "_give_up", "_Fault", "UnclearValueError",
})  # fmt: skip

CODES = {
    "CS101": "There is no such file. Check its name and folder.",
    "CS102": "It is a folder. Name one file in it.",
    "CS103": "The system does not let the file be read.",
    "CS104": "The file is too large to be a scenario. Put long lists into a CSV file.",
    "CS105": "The file is not saved as UTF-8. Save it again as UTF-8.",
    "CS106": "There is a character that does not print. Delete it.",
    "CS107": "There is an invisible character. Type an ordinary space over it, or delete it.",
    "CS108": "Curly quotes. Type straight ones.",
    "CS110": "There is nothing in the file.",
    "CS111": "The file is not made of `key: value` lines.",
    "CS112": "There is more than one scenario in the file.",
    "CS113": "Brackets or indents go too deep. Look for a bracket that is never closed.",
    "CS114": "There are too many keys and values.",
    "CS120": "A line that cannot be understood.",
    "CS121": "A tab. Use spaces.",
    "CS122": "A quote is not closed, or something follows it.",
    "CS123": "A backslash in double quotes. Use single quotes.",
    "CS124": "A line that starts with %.",
    "CS125": "A bracket is not closed or not opened, or a comma is missing.",
    "CS126": "A value is missing, or starts with punctuation. Put text in quotes.",
    "CS127": "A second colon. Put the text in quotes.",
    "CS128": "The line is too far in or too far out.",
    "CS129": "A colon or a key is missing.",
    "CS130": "The same key twice. Keep one.",
    "CS131": "The key is not a word.",
    "CS132": "Anchors and aliases. Write the value out, or use `extends`.",
    "CS133": "A merge key. Write the lines out, or use `extends`.",
    "CS134": "A tag. Delete it, or put the text in quotes.",
    "CS140": "A number that could be read in two ways. Write it in ordinary digits.",
    "CS141": "12:30 could be a time of day or a duration. Write 12.5 h.",
    "CS142": "Not a real number.",
    "CS143": "The number is too large or too small, or has too many digits.",
    "CS144": "A comma within a number in brackets. Write £1200, or put it in quotes.",
    "CS201": "The key is misspelt, or at the wrong level.",
    "CS202": "Something that must be there is not.",
    "CS203": "The wrong shape: lines of keys, or a list, are needed.",
    "CS204": "The name has other characters than lower-case letters, digits and underscores.",
    "CS205": "Text is needed. Put it in quotes.",
    "CS206": "Write true or false.",
    "CS207": "There is nothing here.",
    "CS208": "The word is not one of those that can stand here. The hint lists them.",
    "CS209": "The value is not of the kind that is needed here.",
    "CS301": "A time without a unit, or negative. Write 30 min, 2 h or 15 days.",
    "CS302": "Not an amount of money. Write £1234.50.",
    "CS303": "Not a share, or outside 0% to 100%. Write 80%.",
    "CS304": "Not a number.",
    "CS305": "Not a whole number.",
    "CS306": "Not a period. Write 3 years or 6 months.",
    "CS307": "The number is outside what is possible.",
    "CS308": "The range of `uncertain` does not hold the value, or goes beyond what is possible.",
    "CS309": "Not a date. Write the year first: 2024-04-01.",
    "CS310": "Not a quantile. Write p10, p50 or p97.5.",
    "CS311": "The list has the wrong number of figures.",
    "CS312": "No distribution, or more than one.",
    "CS313": "No such distribution has these figures. The message says what is wrong.",
    "CS316": "The range of an uncertain number holds values that are impossible where it is used.",
    "CS401": "Another version of the format. Write `costsim: 1`, or upgrade costsim.",
    "CS403": "Shares must add up to 100%. Write `rest` for one of them.",
    "CS410": "Give a rate or a schedule.",
    "CS411": "A day has between 0 and 24 hours.",
    "CS412": "Give the role some of its time.",
    "CS413": "Write `poisson`, `evenly`, or the name of a file of dates.",
    "CS414": "Either `per_year`, or a file of dates, which says itself how many there are.",
    "CS415": "The number is below the least that makes sense here.",
    "CS416": "A meeting sits at intervals above 0.",
    "CS417": "Make it two activities: one with staff, one with the meeting.",
    "CS418": "Years of an appraisal are whole.",
    "CS419": "Durations in days are read by the working day, so it must be one number.",
    "CS420": "`start` must name an activity of the same pathway.",
    "CS421": "`next` must name an activity or an outcome of the same pathway.",
    "CS422": "The name is taken, by an outcome or by costsim itself.",
    "CS423": "No `next` leads to this activity.",
    "CS424": "No outcome can be reached from this activity.",
    "CS425": "The role is not declared under `staff`.",
    "CS426": "Referrals have no such attribute. Declare it under `referrals`.",
    "CS427": "The attribute has no such value.",
    "CS428": "Every value of the attribute needs a line.",
    "CS429": "There is no pathway to compare with. Name it `old`, or write `comparator`.",
    "CS430": "Every site needs the same pathways.",
    "CS431": "A target is for `decision` or for an activity.",
    "CS432": "`priority` must name needs.",
    "CS442": "One replication would not fit into the memory that is free.",
    "CS433": "`leakage: to` and `backlog` must name activities of the old pathway.",
    "CS434": "`running_costs` must name pathways.",
    "CS435": "There is no such figure to compare with.",
    "CS436": "There is no deflator for its price year. Give a table that has one, or uprate it.",
    "CS440": "The file of dates is not there, or a line of it cannot be read.",
    "CS441": "No date is within what is counted. Change `calendar: start`, `warm_up` or the dates.",
    "CS443": "Say how much lower savings are to be taken, once: by a share, or by a grade.",
    "CS444": "An hour costs what `hourly_cost` says or what `pay` adds up to.",
    "CS445": "`client_related` is the share of paid time that `per: direct_hour` needs.",
    "CS446": "Cost every role by the paid hour, or every role by the direct hour.",
    "CS447": "`decision_days` and `within_target` need no scores; every other effect does.",
    "CS448": "Scores go by outcomes of the pathways.",
    "CS450": "The table of deflators is not there, or a line of it cannot be read.",
    "CS451": "A dirichlet is of all shares of one set: every share has its cases.",
    "CS452": "A share is not what its cases give: write those of the counts.",
    "CS453": "A dirichlet stands on a number that is no share of a set.",
    "CS454": "A correlation names no input: take the names that `costsim check` lists.",
    "CS455": "The input cannot be correlated: it is certain, or a share with a dirichlet.",
    "CS456": "A correlation of an input with itself, or a pair that is given twice.",
    "CS457": "A rank correlation lies between -1 and 1, or -100% and 100%.",
    "CS458": "The target that a budget relies on is one figure, which is not uncertain.",
    "CS460": "No input of the scenario is uncertain, so there is nothing to vary.",
    "CS461": "Too few draws were asked for.",
    "CS501": "The file to extend is not there, is outside the folder, or leads round in a circle.",
    "CS502": "There is no such site to extend.",
    "CS601": "A column has no name or the name of another, or none is of net benefits.",
    "CS602": "A cell is empty or no plain number, or a row has too many or too few of them.",
    "CS603": "There are fewer than 10 draws.",
}
