/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let operationsPaths = ##"""
        "/health/live":{"get":{"tags":["Operations"],"operationId":"getLiveness","summary":"Is the process there","description":\##
        "Looks at nothing else.","x-permission":"public","security":[],"responses":{"200":{"description":"It is.","content":{"ap\##
        plication/json":{"schema":{"type":"object","additionalProperties":false,"required":["status"],"properties":{"status":{"t\##
        ype":"string","description":"Always `ok`.","enum":["ok"]}}}}}}}}},"/health/ready":{"get":{"tags":["Operations"],"operati\##
        onId":"getReadiness","summary":"Can it work","description":"Looks at PostgreSQL, the store and the disk.","x-permission"\##
        :"public","security":[],"responses":{"200":{"description":"Everything works.","content":{"application/json":{"schema":{"\##
        $ref":"#/components/schemas/Readiness"}}}},"503":{"description":"Something does not; `checks` says what.","headers":{"Re\##
        try-After":{"description":"Seconds.","schema":{"type":"integer"}}},"content":{"application/json":{"schema":{"$ref":"#/co\##
        mponents/schemas/Readiness"}}}}}}},"/metrics":{"get":{"tags":["Operations"],"operationId":"getMetrics","summary":"Metric\##
        s","description":"Prometheus' text format 0.0.4.","x-permission":"public","security":[],"responses":{"200":{"description\##
        ":"All families.","content":{"text/plain":{"schema":{"type":"string"}}}}}}},"/openapi.json":{"get":{"tags":["Operations"\##
        ],"operationId":"getOpenAPI","summary":"This document","description":"OpenAPI 3.1.","x-permission":"public","security":[\##
        ],"responses":{"200":{"description":"The document.","content":{"application/json":{"schema":{"type":"object"}}}}}}},"/do\##
        cs":{"get":{"tags":["Operations"],"operationId":"getDocumentation","summary":"This document as pages","description":"For\##
         people; a page a tag.","x-permission":"public","security":[],"responses":{"200":{"description":"The page that leads to\##
         the others.","content":{"text/html":{"schema":{"type":"string"}}}}}}},"/docs/{tag}":{"get":{"tags":["Operations"],"oper\##
        ationId":"getDocumentationOfTag","summary":"The operations of a tag as a page","description":"With parameters, bodies, a\##
        nswers, and commands that run.","x-permission":"public","security":[],"parameters":[{"name":"tag","in":"path","required"\##
        :true,"description":"The tag's name.","schema":{"type":"string"}}],"responses":{"200":{"description":"The page.","conten\##
        t":{"text/html":{"schema":{"type":"string"}}}},"404":{"$ref":"#/components/responses/NotFound"}}}}
        """##

    static let operationsSchemas = ##"""
        "Readiness":{"type":"object","additionalProperties":false,"required":["status","checks"],"properties":{"status":{"type":\##
        "string","description":"All in one.","enum":["ok","unavailable"]},"checks":{"type":"object","description":"`ok`, or what\##
         is wrong.","additionalProperties":{"type":"string"}}}}
        """##
}
