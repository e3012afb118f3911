/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let projectsPaths = ##"""
        "/api/v1/projects":{"post":{"tags":["Projects"],"operationId":"createProject","summary":"Create a project","description"\##
        :"Makes a project in the key's organization. Needs the scope `admin`.","requestBody":{"required":true,"content":{"applic\##
        ation/json":{"schema":{"$ref":"#/components/schemas/NewProject"},"example":{"name":"shop","retention_days":30}}}},"respo\##
        nses":{"201":{"description":"The project.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Project\##
        "}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"\##
        $ref":"#/components/responses/Forbidden"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/re\##
        sponses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMed\##
        iaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$r\##
        ef":"#/components/responses/Unavailable"}}},"get":{"tags":["Projects"],"operationId":"listProjects","summary":"List proj\##
        ects","description":"Those of the key's organization, newest first. Needs the scope `admin`.","parameters":[{"name":"lim\##
        it","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500\##
        ,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema\##
        ":{"type":"string"}}],"responses":{"200":{"description":"A page of projects.","content":{"application/json":{"schema":{"\##
        $ref":"#/components/schemas/ProjectList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/componen\##
        ts/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"500":{"$ref":"#/components/responses/D\##
        efect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/projects/{project_id}":{"get":{"tags":["Projects\##
        "],"operationId":"getProject","summary":"Get a project","description":"One of the key's organization. Needs the scope `a\##
        dmin`.","parameters":[{"name":"project_id","in":"path","required":true,"description":"The project's id.","schema":{"type\##
        ":"string"}}],"responses":{"200":{"description":"The project.","content":{"application/json":{"schema":{"$ref":"#/compon\##
        ents/schemas/Project"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauth\##
        enticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"500":{"$\##
        ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let projectsSchemas = ##"""
        "Project":{"description":"A project.","type":"object","additionalProperties":false,"required":["id","organization_id","n\##
        ame","retention_days","created_at","archived_at"],"properties":{"id":{"type":"string","description":"The project.","form\##
        at":"uuid"},"organization_id":{"type":"string","description":"Whose it is.","format":"uuid"},"name":{"type":"string","de\##
        scription":"Unique in the organization."},"retention_days":{"type":["integer","null"],"description":"Days after which se\##
        aled spans are dropped; null keeps them."},"created_at":{"type":"string","description":"When it was made. RFC 3339 with\##
         nanoseconds, UTC.","format":"date-time"},"archived_at":{"type":["string","null"],"description":"Since when it is not us\##
        ed any more. RFC 3339 with nanoseconds, UTC.","format":"date-time"}}},"NewProject":{"type":"object","additionalPropertie\##
        s":false,"required":["name"],"properties":{"name":{"type":"string","description":"1 to 100 characters.","minLength":1,"m\##
        axLength":100},"retention_days":{"type":["integer","null"],"description":"Null or missing keeps spans for ever.","minimu\##
        m":1,"maximum":36500}}},"ProjectList":{"type":"object","additionalProperties":false,"required":["data","next_cursor"],"p\##
        roperties":{"data":{"type":"array","description":"Projects.","items":{"$ref":"#/components/schemas/Project"}},"next_curs\##
        or":{"type":["string","null"],"description":"For the next page; null on the last one."}}}
        """##
}
