/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let apikeysPaths = ##"""
        "/api/v1/api-keys":{"post":{"tags":["APIKeys"],"operationId":"createAPIKey","summary":"Create an API key","description":\##
        "Makes a key of the caller's own project. The key itself is in this answer only. Needs the scope `admin`.","requestBody"\##
        :{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewAPIKey"}}}},"responses":{"201\##
        ":{"description":"The key.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/CreatedAPIKey"}}}},"40\##
        0":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/\##
        components/responses/Forbidden"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/T\##
        ooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessab\##
        le"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"tags":\##
        ["APIKeys"],"operationId":"listAPIKeys","summary":"List API keys","description":"Keys of the caller's own project, newes\##
        t first, revoked and expired ones among them. Needs the scope `admin`.","parameters":[{"name":"limit","in":"query","requ\##
        ired":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name\##
        ":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}],\##
        "responses":{"200":{"description":"A page of keys.","content":{"application/json":{"schema":{"$ref":"#/components/schema\##
        s/APIKeyList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticate\##
        d"},"403":{"$ref":"#/components/responses/Forbidden"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/co\##
        mponents/responses/Unavailable"}}}},"/api/v1/api-keys/{api_key_id}":{"delete":{"tags":["APIKeys"],"operationId":"revokeA\##
        PIKey","summary":"Revoke an API key","description":"Ends a key's use at once; the key stays listed. Needs the scope `adm\##
        in`.","parameters":[{"name":"api_key_id","in":"path","required":true,"description":"The key's id.","schema":{"type":"str\##
        ing"}}],"responses":{"200":{"description":"The key.","content":{"application/json":{"schema":{"$ref":"#/components/schem\##
        as/APIKey"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"}\##
        ,"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"500":{"$ref":"#/com\##
        ponents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/projects/{project_id}/api-key\##
        s":{"post":{"tags":["APIKeys"],"operationId":"createProjectAPIKey","summary":"Create an API key","description":"Makes a\##
         key of a project of the caller's organization. The key itself is in this answer only. Needs the scope `admin`.","parame\##
        ters":[{"name":"project_id","in":"path","required":true,"description":"The project's id.","schema":{"type":"string"}}],"\##
        requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewAPIKey"}}}},"resp\##
        onses":{"201":{"description":"The key.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/CreatedAPI\##
        Key"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403"\##
        :{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/component\##
        s/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsupported\##
        MediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"500":{"$ref":"#/components/responses/Defect"},"503":{\##
        "$ref":"#/components/responses/Unavailable"}}},"get":{"tags":["APIKeys"],"operationId":"listProjectAPIKeys","summary":"L\##
        ist API keys","description":"Keys of a project of the caller's organization, newest first, revoked and expired ones amon\##
        g them. Needs the scope `admin`.","parameters":[{"name":"project_id","in":"path","required":true,"description":"The proj\##
        ect's id.","schema":{"type":"string"}},{"name":"limit","in":"query","required":false,"description":"How many at most.","\##
        schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"descr\##
        iption":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of ke\##
        ys.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/APIKeyList"}}}},"400":{"$ref":"#/components/r\##
        esponses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbi\##
        dden"},"404":{"$ref":"#/components/responses/NotFound"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/\##
        components/responses/Unavailable"}}}},"/api/v1/projects/{project_id}/api-keys/{api_key_id}":{"delete":{"tags":["APIKeys"\##
        ],"operationId":"revokeProjectAPIKey","summary":"Revoke an API key","description":"Ends a key's use at once; the key sta\##
        ys listed. Needs the scope `admin`.","parameters":[{"name":"project_id","in":"path","required":true,"description":"The p\##
        roject's id.","schema":{"type":"string"}},{"name":"api_key_id","in":"path","required":true,"description":"The key's id."\##
        ,"schema":{"type":"string"}}],"responses":{"200":{"description":"The key.","content":{"application/json":{"schema":{"$re\##
        f":"#/components/schemas/APIKey"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/respo\##
        nses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"\##
        },"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
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
