/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let langfusePaths = ##"""
        "/api/public/health":{"get":{"tags":["Langfuse"],"operationId":"getLangfuseHealth","summary":"Say that the server answer\##
        s, as Langfuse does","description":"For clients that ask before they begin. `/health/ready` says more.","x-permission":"\##
        public","security":[],"responses":{"200":{"description":"It answers.","content":{"application/json":{"schema":{"$ref":"#\##
        /components/schemas/LangfuseHealth"}}}}}}},"/api/public/projects":{"get":{"tags":["Langfuse"],"operationId":"listLangfus\##
        eProjects","summary":"The project of a key, as Langfuse lists it","description":"What `auth_check()` of Langfuse's SDKs\##
         asks for.","x-permission":"spans.ingest","parameters":[{"$ref":"#/components/parameters/Project"}],"responses":{"200":{\##
        "description":"One project.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/LangfuseProjects"}}}}\##
        ,"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref"\##
        :"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/respon\##
        ses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/ap\##
        i/public/ingestion":{"post":{"tags":["Langfuse"],"operationId":"ingestLangfuseEvents","summary":"Take a batch of Langfus\##
        e's events","description":"Scores (`score-create`), and traces and observations of its older SDKs (`trace-create`, `span\##
        -create`, `span-update`, `generation-create`, ...), each for itself: what is wrong with one stands in `errors` and costs\##
         no other. What stands in `successes` is stored, but for events whose `message` says that nothing is kept of their type.\##
         Scores take the permission `scores.write` besides. At most 3,500,000 bytes and 1,000 events. See docs/langfuse.md.","x-\##
        permission":"spans.ingest","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"con\##
        tent":{"application/json":{"schema":{"$ref":"#/components/schemas/LangfuseBatch"},"example":{"batch":[{"id":"7c1c0f0e-5a\##
        55-4b3c-9d54-5ef0a3a6a5a1","type":"score-create","timestamp":"2026-11-22T10:00:00.000Z","body":{"id":"a-judgement","trac\##
        eId":"0af7651916cd43dd8448eb211c80319c","name":"helpful","value":1,"dataType":"BOOLEAN"}}],"metadata":{}}}}},"responses"\##
        :{"207":{"description":"What became of each event.","content":{"application/json":{"schema":{"$ref":"#/components/schema\##
        s/LangfuseAnswer"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenti\##
        cated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref"\##
        :"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/response\##
        s/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Lim\##
        ited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/publi\##
        c/scores":{"post":{"tags":["Langfuse"],"operationId":"createLangfuseScores","summary":"Take a score, or a list of them,\##
         as Langfuse's SDKs send them","description":"Each for itself. A score that is sent again under its id is stored once; a\##
        nother one under that id is refused, as a score is never changed. The project's redaction rules hold for what it says. S\##
        ee docs/langfuse.md.","x-permission":"scores.write","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBo\##
        dy":{"required":true,"content":{"application/json":{"schema":{"oneOf":[{"$ref":"#/components/schemas/LangfuseScore"},{"t\##
        ype":"array","items":{"$ref":"#/components/schemas/LangfuseScore"},"maxItems":1000}]},"example":{"id":"a-score","traceId\##
        ":"0af7651916cd43dd8448eb211c80319c","name":"accuracy","value":0.9,"dataType":"NUMERIC"}}}},"responses":{"200":{"descrip\##
        tion":"The score is stored; or all scores of the list are.","content":{"application/json":{"schema":{"oneOf":[{"$ref":"#\##
        /components/schemas/LangfuseScoreID"},{"$ref":"#/components/schemas/LangfuseAccepted"}]}}}},"207":{"description":"Some o\##
        f them are not.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/LangfuseScoreResults"}}}},"400":{\##
        "$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/comp\##
        onents/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooS\##
        low"},"409":{"$ref":"#/components/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#\##
        /components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/comp\##
        onents/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavaila\##
        ble"}}}}
        """##

    static let langfuseSchemas = ##"""
        "LangfuseHealth":{"description":"That the server answers.","type":"object","additionalProperties":false,"required":["sta\##
        tus","version"],"properties":{"status":{"type":"string","description":"`OK`.","enum":["OK"]},"version":{"type":"string",\##
        "description":"Of the API that is spoken here."}}},"LangfuseProjects":{"description":"Projects in Langfuse's shape.","ty\##
        pe":"object","additionalProperties":false,"required":["data"],"properties":{"data":{"type":"array","description":"One.",\##
        "items":{"$ref":"#/components/schemas/LangfuseProject"}}}},"LangfuseProject":{"description":"A project in Langfuse's sha\##
        pe.","type":"object","additionalProperties":false,"required":["id","name","organization","metadata"],"properties":{"id":\##
        {"type":"string","description":"The project.","format":"uuid"},"name":{"type":"string","description":"What it is called.\##
        "},"organization":{"type":"object","description":"Whose it is.","additionalProperties":false,"required":["id","name"],"p\##
        roperties":{"id":{"type":"string","description":"The organization.","format":"uuid"},"name":{"type":"string","descriptio\##
        n":"What it is called."}}},"metadata":{"type":"object","description":"Empty.","additionalProperties":false,"properties":\##
        {}}}},"LangfuseBatch":{"description":"Events of Langfuse's.","type":"object","required":["batch"],"properties":{"batch":\##
        {"type":"array","description":"In the order in which they were said.","maxItems":1000,"items":{"$ref":"#/components/sche\##
        mas/LangfuseEvent"}},"metadata":{"type":["object","null"],"description":"Of the SDK: `sdk_name` and `sdk_version` become\##
         the resource of the spans."}}},"LangfuseEvent":{"description":"An event of Langfuse's.","type":"object","required":["id\##
        ","type","body"],"properties":{"id":{"type":"string","description":"Of the event; the answer names it so."},"type":{"typ\##
        e":"string","description":"`trace-create`, `span-create`, `span-update`, `generation-create`, `generation-update`, `even\##
        t-create`, `score-create`; others are answered and not kept."},"timestamp":{"type":"string","description":"When it was s\##
        aid.","format":"date-time"},"body":{"type":"object","description":"By the type; docs/langfuse.md has what is read of it.\##
        "}}},"LangfuseAnswer":{"description":"What became of each event.","type":"object","additionalProperties":false,"required\##
        ":["successes","errors"],"properties":{"successes":{"type":"array","description":"Stored, or said to be none that is kep\##
        t.","items":{"$ref":"#/components/schemas/LangfuseSuccess"}},"errors":{"type":"array","description":"Not stored.","items\##
        ":{"$ref":"#/components/schemas/LangfuseError"}}}},"LangfuseSuccess":{"description":"An event that was taken.","type":"o\##
        bject","additionalProperties":false,"required":["id","status"],"properties":{"id":{"type":"string","description":"The ev\##
        ent's."},"status":{"type":"integer","description":"201."},"message":{"type":"string","description":"That nothing is kept\##
         of it."}}},"LangfuseError":{"description":"An event that was not.","type":"object","additionalProperties":false,"requir\##
        ed":["id","status","message","error"],"properties":{"id":{"type":"string","description":"The event's."},"status":{"type"\##
        :"integer","description":"400, 403, or 409 for another score under the id of a stored one."},"message":{"type":"string",\##
        "description":"Why."},"error":{"type":"string","description":"The status in words."}}},"LangfuseScore":{"description":"A\##
         score in Langfuse's shape.","type":"object","required":["name","value","traceId"],"properties":{"id":{"type":["string",\##
        "null"],"description":"Under it the score is stored once."},"traceId":{"type":"string","description":"32 hexadecimal dig\##
        its, or an id of an older SDK."},"observationId":{"type":["string","null"],"description":"16 hexadecimal digits, or an i\##
        d of an older SDK; without it the score is of the trace."},"name":{"type":"string","description":"What is judged."},"val\##
        ue":{"type":["number","string","boolean"],"description":"By `dataType`."},"dataType":{"type":["string","null"],"descript\##
        ion":"Without it by the value.","enum":["NUMERIC","BOOLEAN","CATEGORICAL",null]},"comment":{"type":["string","null"],"de\##
        scription":"Why."}}},"LangfuseScoreID":{"description":"A score that is stored.","type":"object","additionalProperties":f\##
        alse,"required":["id"],"properties":{"id":{"type":"string","description":"Its sender's, or one it was given."}}},"Langfu\##
        seAccepted":{"description":"All are stored.","type":"object","additionalProperties":false,"required":["message"],"proper\##
        ties":{"message":{"type":"string","description":"`Accepted`.","enum":["Accepted"]}}},"LangfuseScoreResults":{"descriptio\##
        n":"How many are stored, and why others are not.","type":"object","additionalProperties":false,"required":["accepted","r\##
        ejected","errors"],"properties":{"accepted":{"type":"integer","description":"Scores that are stored."},"rejected":{"type\##
        ":"integer","description":"Scores that are not."},"errors":{"type":"array","description":"Why, in the order of the list.\##
        ","items":{"type":"object","additionalProperties":false,"required":["message"],"properties":{"message":{"type":"string",\##
        "description":"Why one is not stored."}}}}}}
        """##
}
