"""``rescuegrid survey``: the resource survey that a safety bureau owes."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.files_asked import check_files
from api.cli.long_work import told_of
from api.cli.options import DEFAULT_VAR, VarDir
from api.cli.plan_options import Roads
from api.cli.survey_tables import print_survey
from api.opening import open_centre
from api.settings import Settings
from api.survey.files import save_survey_layers, survey_chart
from api.survey.surveying import SurveyAsked, survey
from geo.maps.offline import save_offline

ASKED = SurveyAsked()


def survey_command(
    *,
    roads: Roads,
    within_s: Annotated[
        float, typer.Option(help="Who and what would be there within so many seconds of the order counts.")
    ] = ASKED.within_s,
    stale_days: Annotated[
        int, typer.Option(help="A row verified longer ago than so many days is to be verified again.")
    ] = ASKED.stale_days,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs, complete.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.gpkg", help="Write layers as a GeoPackage.")
    ] = None,
    map_file: Annotated[Path | None, typer.Option("--map", metavar="FILE", help="Write the map.")] = None,
    var: VarDir = DEFAULT_VAR,
) -> None:
    """
    Survey the rescue resources: the plans want each of these at 100 %.

    - **Enterprises** that run hazard sources and have neither a team of their own nor an agreement in force
      today.

    - **Hazard sources** with a grade: what the response plan for their gravest incident (severity 1) calls
      for, against the crews and the depots' stock within reach by road, one crew filling one role at a time.

    - **Rows** of the registry that nobody ever checked against the place, or not for long. Say who checked
      what with `rescuegrid records add verified FILE.csv`.

    Nobody is taken to be busy, and nothing is recorded. Tables show the worst 20; JSON has everything.

    Examples
    --------
    - `rescuegrid survey --roads wuhan`

    - `rescuegrid survey --roads wuhan --within-s 3600 --stale-days 180 --map survey.html --out survey.gpkg`
    """
    check_files(out, map_file)
    asked = SurveyAsked(within_s, stale_days)
    with open_centre(Settings(var=var, roads=roads)) as centre, told_of("Judging sources", None) as told:
        surveyed = survey(centre, asked, told)
        if as_json:
            typer.echo(surveyed.answer.model_dump_json(indent=1))
        else:
            print_survey(surveyed.answer)
        if out is not None:
            save_survey_layers(surveyed, out)
        if map_file is not None:
            save_offline(survey_chart(surveyed, centre.roads), map_file)
