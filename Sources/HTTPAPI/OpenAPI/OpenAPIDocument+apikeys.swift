/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let apikeysPaths = ##"""
        "/api/v1/api-keys":{"post":{"tags":["APIKeys"],"operationId":"createAPIKey","summary":"Create an API key","description":\##
        "Makes a key of the caller's own project. The key itself is in this answer only. Needs the scope `admin`.","requestBody"\##
        :{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewAPIKey"},"example":{"name":"c\##
        ollector","scopes":["ingest"]}}}},"responses":{"201":{"description":"The key.","content":{"application/json":{"schema":{\##
        "$ref":"#/components/schemas/CreatedAPIKey"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/compo\##
        nents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"408":{"$ref":"#/components/response\##
        s/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"\##
        },"422":{"$ref":"#/components/responses/Unprocessable"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/\##
        components/responses/Unavailable"}}},"get":{"tags":["APIKeys"],"operationId":"listAPIKeys","summary":"List API keys","de\##
        scription":"Keys of the caller's own project, newest first, revoked and expired ones among them. Needs the scope `admin`\##
        .","parameters":[{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integ\##
        er","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor`\##
         of the page before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of keys.","content":{"appli\##
        cation/json":{"schema":{"$ref":"#/components/schemas/APIKeyList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"\##
        401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"500":{"$ref":"\##
        #/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/api-keys/{api_key_id}":{\##
        "delete":{"tags":["APIKeys"],"operationId":"revokeAPIKey","summary":"Revoke an API key","description":"Ends a key's use\##
         at once; the key stays listed. Needs the scope `admin`.","parameters":[{"name":"api_key_id","in":"path","required":true\##
        ,"description":"The key's id.","schema":{"type":"string"}}],"responses":{"200":{"description":"The key.","content":{"app\##
        lication/json":{"schema":{"$ref":"#/components/schemas/APIKey"}}}},"400":{"$ref":"#/components/responses/Malformed"},"40\##
        1":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/\##
        components/responses/NotFound"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Una\##
        vailable"}}}},"/api/v1/projects/{project_id}/api-keys":{"post":{"tags":["APIKeys"],"operationId":"createProjectAPIKey","\##
        summary":"Create an API key","description":"Makes a key of a project of the caller's organization. The key itself is in\##
         this answer only. Needs the scope `admin`.","parameters":[{"name":"project_id","in":"path","required":true,"description\##
        ":"The project's id.","schema":{"type":"string"}}],"requestBody":{"required":true,"content":{"application/json":{"schema\##
        ":{"$ref":"#/components/schemas/NewAPIKey"}}}},"responses":{"201":{"description":"The key.","content":{"application/json\##
        ":{"schema":{"$ref":"#/components/schemas/CreatedAPIKey"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$\##
        ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/compon\##
        ents/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge\##
        "},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"5\##
        00":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"tags":["APIKe\##
        ys"],"operationId":"listProjectAPIKeys","summary":"List API keys","description":"Keys of a project of the caller's organ\##
        ization, newest first, revoked and expired ones among them. Needs the scope `admin`.","parameters":[{"name":"project_id"\##
        ,"in":"path","required":true,"description":"The project's id.","schema":{"type":"string"}},{"name":"limit","in":"query",\##
        "required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{\##
        "name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string\##
        "}}],"responses":{"200":{"description":"A page of keys.","content":{"application/json":{"schema":{"$ref":"#/components/s\##
        chemas/APIKeyList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthent\##
        icated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"500":{"$ref\##
        ":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/projects/{project_id}\##
        /api-keys/{api_key_id}":{"delete":{"tags":["APIKeys"],"operationId":"revokeProjectAPIKey","summary":"Revoke an API key",\##
        "description":"Ends a key's use at once; the key stays listed. Needs the scope `admin`.","parameters":[{"name":"project_\##
        id","in":"path","required":true,"description":"The project's id.","schema":{"type":"string"}},{"name":"api_key_id","in":\##
        "path","required":true,"description":"The key's id.","schema":{"type":"string"}}],"responses":{"200":{"description":"The\##
         key.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/APIKey"}}}},"400":{"$ref":"#/components/res\##
        ponses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidd\##
        en"},"404":{"$ref":"#/components/responses/NotFound"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/co\##
        mponents/responses/Unavailable"}}}}
        """##

    static let apikeysSchemas = ##"""
        "APIKey":{"description":"A key without its secret.","type":"object","additionalProperties":false,"required":["id","proje\##
        ct_id","name","prefix","scopes","created_at","expires_at","revoked_at","last_used_at"],"properties":{"id":{"type":"strin\##
        g","description":"The key.","format":"uuid"},"project_id":{"type":"string","description":"Its project.","format":"uuid"}\##
        ,"name":{"type":"string","description":"What it is for."},"prefix":{"type":"string","description":"The beginning of the\##
         key, to know it by."},"scopes":{"type":"array","description":"What it allows; each stands alone.","items":{"type":"stri\##
        ng","enum":["ingest","read","write","run","admin"]}},"created_at":{"type":"string","description":"When it was made. RFC\##
         3339 with nanoseconds, UTC.","format":"date-time"},"expires_at":{"type":["string","null"],"description":"When it ends;\##
         null for never. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"revoked_at":{"type":["string","null"],"descript\##
        ion":"When it was revoked. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"last_used_at":{"type":["string","null\##
        "],"description":"Late by up to a minute. RFC 3339 with nanoseconds, UTC.","format":"date-time"}}},"CreatedAPIKey":{"des\##
        cription":"A new key.","type":"object","additionalProperties":false,"required":["id","project_id","name","prefix","scope\##
        s","created_at","expires_at","revoked_at","last_used_at","key"],"properties":{"id":{"type":"string","description":"The k\##
        ey.","format":"uuid"},"project_id":{"type":"string","description":"Its project.","format":"uuid"},"name":{"type":"string\##
        ","description":"What it is for."},"prefix":{"type":"string","description":"The beginning of the key, to know it by."},"\##
        scopes":{"type":"array","description":"What it allows; each stands alone.","items":{"type":"string","enum":["ingest","re\##
        ad","write","run","admin"]}},"created_at":{"type":"string","description":"When it was made. RFC 3339 with nanoseconds, U\##
        TC.","format":"date-time"},"expires_at":{"type":["string","null"],"description":"When it ends; null for never. RFC 3339\##
         with nanoseconds, UTC.","format":"date-time"},"revoked_at":{"type":["string","null"],"description":"When it was revoked\##
        . RFC 3339 with nanoseconds, UTC.","format":"date-time"},"last_used_at":{"type":["string","null"],"description":"Late by\##
         up to a minute. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"key":{"type":"string","description":"The key it\##
        self, shown once."}}},"NewAPIKey":{"type":"object","additionalProperties":false,"required":["name","scopes"],"properties\##
        ":{"name":{"type":"string","description":"What it is for.","minLength":1,"maxLength":100},"scopes":{"type":"array","desc\##
        ription":"One or more.","items":{"type":"string","enum":["ingest","read","write","run","admin"]}},"expires_at":{"type":[\##
        "string","null"],"description":"Null or missing for never. RFC 3339 with nanoseconds, UTC.","format":"date-time"}}},"API\##
        KeyList":{"type":"object","additionalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"a\##
        rray","description":"Keys.","items":{"$ref":"#/components/schemas/APIKey"}},"next_cursor":{"type":["string","null"],"des\##
        cription":"For the next page; null on the last one."}}}
        """##
}
