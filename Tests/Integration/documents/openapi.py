"""OpenAPI documents that no one here wrote, and a judge of them who is not ours.

    openapi.py write NAME FILE     the document that an application makes of itself (`APPLICATIONS`), as JSON
    openapi.py read FILE           prints a YAML file as JSON
    openapi.py validate FILE       prints a JSON list: what openapi-spec-validator finds wrong with it

Runs in an environment of its own (`scripts/venv documents`, for the large applications `scripts/venv servers`).
"""
import json, os, sys


def fastapi_users():
    """Accounts, as an application has them that puts the package's own routers together."""
    from fastapi import FastAPI
    from fastapi_users import FastAPIUsers, authentication, schemas

    class Read(schemas.BaseUser[int]):
        pass

    async def manager():
        return None

    transport = authentication.BearerTransport("auth/login")
    backend = authentication.AuthenticationBackend("jwt", transport, lambda: authentication.JWTStrategy("secret", 60))
    users = FastAPIUsers(manager, [backend])
    application = FastAPI(title="Accounts")
    for router in (
            users.get_auth_router(backend), users.get_register_router(Read, schemas.BaseUserCreate), users.get_reset_password_router(),
            users.get_verify_router(Read), users.get_users_router(Read, schemas.BaseUserUpdate)):
        application.include_router(router)
    return application.openapi()


def litellm():
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    from litellm.proxy.proxy_server import app
    return app.openapi()


def mlflow():
    from mlflow.server.fastapi_app import app
    return app.openapi()


def phoenix():
    from fastapi import FastAPI
    from phoenix.server.api.routers.v1 import create_v1_router
    application = FastAPI()
    application.include_router(create_v1_router(False))
    return application.openapi()


APPLICATIONS = {application.__name__: application for application in (fastapi_users, litellm, mlflow, phoenix)}


def read(path):
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        """Dates stay the texts that they are in JSON."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in Loader.yaml_implicit_resolvers.items()}
    with open(path) as file:
        return yaml.load(file, Loader)


def problems(document):
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
    validator = OpenAPIV30SpecValidator if document["openapi"].startswith("3.0") else OpenAPIV31SpecValidator
    return [str(error)[:2_000] for error in validator(document).iter_errors()]


def main(verb, *arguments):
    if verb == "write":
        name, path = arguments
        with open(path, "w") as file:
            json.dump(APPLICATIONS[name](), file)
    elif verb == "read":
        print(json.dumps(read(arguments[0])))
    else:
        with open(arguments[0]) as file:
            print(json.dumps(problems(json.load(file))))


if __name__ == "__main__":
    main(*sys.argv[1:])
