/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let projectsPaths = ##"""
        "/api/v1/projects":{"post":{"tags":["Projects"],"operationId":"createProject","summary":"Create a project","description"\##
        :"Makes a project in the caller's organization. Needs the scope `admin` in a key that reaches the organization.","x-perm\##
        ission":"projects.create","requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/s\##
        chemas/NewProject"},"example":{"name":"shop","retention_days":30}}}},"responses":{"201":{"description":"The project.","c\##
        ontent":{"application/json":{"schema":{"$ref":"#/components/schemas/Project"}}}},"400":{"$ref":"#/components/responses/M\##
        alformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"40\##
        4":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/component\##
        s/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsupporte\##
        dMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500"\##
        :{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}},"parameters":[{"$ref":"#/\##
        components/parameters/Project"}]},"get":{"tags":["Projects"],"operationId":"listProjects","summary":"List projects","des\##
        cription":"Those of the caller's organization, newest first. Needs the scope `admin` in a key that reaches the organizat\##
        ion.","x-permission":"projects.list","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"limit","in":"quer\##
        y","required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}\##
        },{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"str\##
        ing"}}],"responses":{"200":{"description":"A page of projects.","content":{"application/json":{"schema":{"$ref":"#/compo\##
        nents/schemas/ProjectList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/U\##
        nauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429\##
        ":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/r\##
        esponses/Unavailable"}}}},"/api/v1/projects/{project_id}":{"get":{"tags":["Projects"],"operationId":"getProject","summar\##
        y":"Get a project","description":"The key's own, or another of the organization that the key reaches. Needs the scope `a\##
        dmin`.","x-permission":"project.read","parameters":[{"name":"project_id","in":"path","required":true,"description":"The\##
         project's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description\##
        ":"The project.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Project"}}}},"400":{"$ref":"#/com\##
        ponents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/respon\##
        ses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{\##
        "$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"patch":{"tags":["Projects\##
        "],"operationId":"updateProject","summary":"Rename a project","description":"Retention and the rest are in the project's\##
         settings. A key does this to its own project alone.","x-permission":"project.manage","parameters":[{"name":"project_id"\##
        ,"in":"path","required":true,"description":"The project's id.","schema":{"type":"string"}},{"$ref":"#/components/paramet\##
        ers/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Proj\##
        ectName"},"example":{"name":"storefront"}}}},"responses":{"200":{"description":"The project.","content":{"application/js\##
        on":{"schema":{"$ref":"#/components/schemas/Project"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref"\##
        :"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components\##
        /responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"},"\##
        413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$re\##
        f":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/r\##
        esponses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"delete":{"tags":["Projects"],"operationId":"arc\##
        hiveProject","summary":"Archive a project","description":"Its keys open nothing any more. Its spans stay until their ret\##
        ention ends; with `delete_telemetry_of` all of its telemetry is deleted as `POST /api/v1/deletions` with `project_name`\##
         does it: nobody can ask for its receipt afterwards, so the audit log has it. A key does this to its own project alone."\##
        ,"x-permission":"project.manage","parameters":[{"name":"project_id","in":"path","required":true,"description":"The proje\##
        ct's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"delete_telemetry_of","in":"que\##
        ry","required":false,"description":"The project's own name, to confirm that its telemetry is to go, too. Needs `telemetr\##
        y.delete`.","schema":{"type":"string","maxLength":400}}],"responses":{"200":{"description":"The project.","content":{"ap\##
        plication/json":{"schema":{"$ref":"#/components/schemas/Project"}}}},"400":{"$ref":"#/components/responses/Malformed"},"\##
        401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"\##
        #/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/\##
        Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/organizations/{organization_id}/projects":{"pos\##
        t":{"tags":["Projects"],"operationId":"createOrganizationProject","summary":"Create a project in an organization","descr\##
        iption":"For members of several organizations.","x-permission":"projects.create","parameters":[{"name":"organization_id"\##
        ,"in":"path","required":true,"description":"The organization's id.","schema":{"type":"string"}},{"$ref":"#/components/pa\##
        rameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas\##
        /NewProject"},"example":{"name":"research"}}}},"responses":{"201":{"description":"The project.","content":{"application/\##
        json":{"schema":{"$ref":"#/components/schemas/Project"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$re\##
        f":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/componen\##
        ts/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"}\##
        ,"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$\##
        ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components\##
        /responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"tags":["Projects"],"operationId":"list\##
        OrganizationProjects","summary":"List an organization's projects","description":"Newest first.","x-permission":"projects\##
        .list","parameters":[{"name":"organization_id","in":"path","required":true,"description":"The organization's id.","schem\##
        a":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"limit","in":"query","required":false,"descript\##
        ion":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"quer\##
        y","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"200":{"\##
        description":"A page of projects.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/ProjectList"}}}\##
        },"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref\##
        ":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/respo\##
        nses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/a\##
        pi/v1/projects/{project_id}/demo-traces":{"post":{"tags":["Projects"],"operationId":"sendDemoTraces","summary":"Fill a p\##
        roject with a sample","description":"Sends made-up traces of an LLM agent, of the hour that ends now, into the project;\##
         another sample each time. The project's redaction, prices and quota hold for it. Needs the scope `ingest`.","x-permissi\##
        on":"spans.ingest","parameters":[{"name":"project_id","in":"path","required":true,"description":"The project's id.","sch\##
        ema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"201":{"description":"They are stored."\##
        ,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/DemoTraces"}}}},"400":{"$ref":"#/components/respo\##
        nses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden\##
        "},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/com\##
        ponents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
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
        or":{"type":["string","null"],"description":"For the next page; null on the last one."}}},"ProjectName":{"description":"\##
        Its name.","type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"string","descr\##
        iption":"1 to 100 characters.","minLength":1,"maxLength":100}}},"DemoTraces":{"type":"object","additionalProperties":fal\##
        se,"required":["trace_count","span_count"],"properties":{"trace_count":{"type":"integer","description":"Traces stored."}\##
        ,"span_count":{"type":"integer","description":"Spans of them."}}}
        """##
}
