"""What `chalice package --merge-template` deploys for a stage, the bundle of code apart."""

import functools
from typing import Any

from chalice.cli.factory import CLIFactory
from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
from chalice.deploy.deployer import create_build_stage
from chalice.deploy.models import DeploymentPackage, Placeholder
from chalice.deploy.swagger import CFNSwaggerGenerator
from chalice.package import PackageOptions, SAMTemplateGenerator, TemplateDeepMerger
from chalice.utils import UI, OSUtils

from infrastructure.template import CHALICE, render


class Principals:
    """What the packager asks of AWS's endpoints."""

    region_name = "eu-west-3"

    def endpoint_dns_suffix(self, service: str, region: str) -> str:
        return "amazonaws.com"

    def service_principal(self, service: str, region: str, suffix: str) -> str:
        return f"{service}.{suffix}"


@functools.cache
def packaged(stage: str) -> dict[str, Any]:
    """The template of the stage, as CloudFormation gets it."""
    config = CLIFactory(str(CHALICE.parent), debug=False, environ={}).create_config_obj(chalice_stage_name=stage)
    application = ApplicationGraphBuilder().build(config, stage)
    resources = DependencyBuilder().build_dependencies(application)
    for resource in resources:
        if isinstance(resource, DeploymentPackage) and isinstance(resource.filename, Placeholder):
            resource.filename = "s3://bundles/portail.zip"
    create_build_stage(OSUtils(), UI(), CFNSwaggerGenerator(), config).execute(config, resources)
    options = PackageOptions(Principals())  # type: ignore[arg-type]  # all that it asks of an AWS client
    ours = SAMTemplateGenerator(config, options).generate(resources)
    return TemplateDeepMerger().merge(render(stage=stage), ours)
