/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let settingsPaths = ##"""
        "/api/v1/settings":{"get":{"tags":["Settings"],"operationId":"getSettings","summary":"Get the project's settings","descr\##
        iption":"Retention, limits, redaction rules, default models, origins.","x-permission":"settings.read","parameters":[{"$r\##
        ef":"#/components/parameters/Project"}],"responses":{"200":{"description":"The settings.","content":{"application/json":\##
        {"schema":{"$ref":"#/components/schemas/Settings"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#\##
        /components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/re\##
        sponses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":\##
        {"$ref":"#/components/responses/Unavailable"}}},"put":{"tags":["Settings"],"operationId":"replaceSettings","summary":"Re\##
        place the project's settings","description":"Every member is set: a missing one goes back to its default. They hold from\##
         the next request on, on other servers of the same database within ten seconds.","x-permission":"settings.manage","param\##
        eters":[{"$ref":"#/components/parameters/Project"},{"name":"If-Match","in":"header","required":false,"description":"The\##
         `version` that is to be replaced, in quotes; refused with 412 if it has changed.","schema":{"type":"string"}}],"request\##
        Body":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/SettingsChange"},"example":\##
        {"retention_days":30,"allowed_origins":["https://app.example.com"],"redaction":{"patterns":[{"builtin":"email"}]}}}}},"r\##
        esponses":{"200":{"description":"The settings.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Se\##
        ttings"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"4\##
        03":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/compon\##
        ents/responses/TooSlow"},"412":{"$ref":"#/components/responses/Changed"},"413":{"$ref":"#/components/responses/TooLarge"\##
        },"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"42\##
        9":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/\##
        responses/Unavailable"}}}},"/api/v1/redaction/preview":{"post":{"tags":["Settings"],"operationId":"previewRedaction","su\##
        mmary":"Try redaction rules","description":"What the given rules, or those of the project, make of a span of at most 64\##
         KiB. Nothing is stored. Hashes are made with a random secret of this one call: they are not those of stored spans.","x-\##
        permission":"redaction.preview","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true\##
        ,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/RedactionTrial"},"example":{"span":{"name":"chat"\##
        ,"attributes":[{"key":"input","value":{"stringValue":"write to ada@example.com"}}]},"redaction":{"patterns":[{"builtin":\##
        "email"}]}}}}},"responses":{"200":{"description":"The span as it would be stored.","content":{"application/json":{"schem\##
        a":{"$ref":"#/components/schemas/RedactionPreview"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"\##
        #/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/r\##
        esponses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"41\##
        5":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"\##
        $ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/respo\##
        nses/Unavailable"}}}}
        """##

    static let settingsSchemas = ##"""
        "Settings":{"description":"What a project is set to.","type":"object","additionalProperties":false,"required":["version"\##
        ,"retention_days","retention_bytes","byte_quota","ingest_requests_per_second","ingest_bytes_per_second","redaction","def\##
        ault_models","allowed_origins"],"properties":{"version":{"type":"integer","description":"Goes up with every change; 0 be\##
        fore the first."},"retention_days":{"type":["integer","null"],"description":"Days after which sealed spans are dropped;\##
         null keeps them."},"retention_bytes":{"type":["integer","null"],"description":"Bytes of sealed spans that are kept, the\##
         oldest files are dropped; null keeps them."},"byte_quota":{"type":["integer","null"],"description":"Bytes of stored seg\##
        ments; null: no limit."},"ingest_requests_per_second":{"type":["integer","null"],"description":"Export requests of all i\##
        ts keys together; null: no limit."},"ingest_bytes_per_second":{"type":["integer","null"],"description":"Bytes of their b\##
        odies; null: no limit."},"redaction":{"type":"object","description":"Rules applied before anything is written.","additio\##
        nalProperties":true},"default_models":{"type":"object","description":"Model per purpose.","additionalProperties":{"type"\##
        :"string"}},"allowed_origins":{"type":"array","description":"Origins of browsers that may send and ask (CORS).","items":\##
        {"type":"string"}}}},"SettingsChange":{"description":"What to set.","type":"object","additionalProperties":false,"requir\##
        ed":[],"properties":{"retention_days":{"type":["integer","null"],"description":"Null keeps spans for ever.","minimum":1,\##
        "maximum":36500},"retention_bytes":{"type":["integer","null"],"description":"The oldest files are dropped until the rest\##
         has at most so many bytes; null keeps all.","minimum":1048576,"maximum":1125899906842624},"byte_quota":{"type":["intege\##
        r","null"],"description":"Exports are refused with 403 from there on; null: no limit.","minimum":1048576,"maximum":11258\##
        99906842624},"ingest_requests_per_second":{"type":["integer","null"],"description":"Export requests of all its keys toge\##
        ther; null: no limit.","minimum":1,"maximum":1000000},"ingest_bytes_per_second":{"type":["integer","null"],"description"\##
        :"Bytes of their bodies; null: no limit.","minimum":1024,"maximum":1000000000000},"redaction":{"type":["object","null"],\##
        "description":"Rules applied before anything is written; docs/redaction.md has their form.","additionalProperties":true}\##
        ,"default_models":{"type":["object","null"],"description":"Model per purpose: at most 20.","maxProperties":20,"additiona\##
        lProperties":{"type":"string","minLength":1,"maxLength":200}},"allowed_origins":{"type":["array","null"],"description":"\##
        Origins of browsers that may send and ask (CORS): at most 50.","maxItems":50,"items":{"type":"string","maxLength":300}}}\##
        },"RedactionTrial":{"description":"A span and rules.","type":"object","additionalProperties":false,"required":["span"],"\##
        properties":{"span":{"type":"object","description":"A span as OTLP/JSON has it.","additionalProperties":true},"redaction\##
        ":{"type":["object","null"],"description":"Rules; missing: those of the project.","additionalProperties":true}}},"Redact\##
        ionPreview":{"description":"What would be stored.","type":"object","additionalProperties":false,"required":["span","coun\##
        ts"],"properties":{"span":{"type":"object","description":"The span as OTLP/JSON.","additionalProperties":true},"counts":\##
        {"type":"object","description":"How often each rule found something.","additionalProperties":{"type":"integer"}}}}
        """##
}
