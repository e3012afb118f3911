/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let apikeysPaths = ##"""
        "/api/v1/api-keys":{"post":{"tags":["APIKeys"],"operationId":"createAPIKey","summary":"Create an API key","description":\##
        "Makes a key of the caller's own project. The key itself is in this answer only. Needs the scope `admin`.","x-permission\##
        ":"keys.manage","requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/New\##
        APIKey"},"example":{"name":"collector","scopes":["ingest"]}}}},"responses":{"201":{"description":"The key.","content":{"\##
        application/json":{"schema":{"$ref":"#/components/schemas/CreatedAPIKey"}}}},"400":{"$ref":"#/components/responses/Malfo\##
        rmed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{\##
        "$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/re\##
        sponses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Un\##
        processable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$re\##
        f":"#/components/responses/Unavailable"}},"parameters":[{"$ref":"#/components/parameters/Project"}]},"get":{"tags":["API\##
        Keys"],"operationId":"listAPIKeys","summary":"List API keys","description":"Keys of the caller's own project, newest fir\##
        st, revoked and expired ones among them. Needs the scope `admin`.","x-permission":"keys.read","parameters":[{"$ref":"#/c\##
        omponents/parameters/Project"},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":\##
        {"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description":\##
        "`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of keys.","co\##
        ntent":{"application/json":{"schema":{"$ref":"#/components/schemas/APIKeyList"}}}},"400":{"$ref":"#/components/responses\##
        /Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"\##
        404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/compone\##
        nts/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/api-keys/{api_key_id}":{"delete":\##
        {"tags":["APIKeys"],"operationId":"revokeAPIKey","summary":"Revoke an API key","description":"Ends a key's use at once;\##
         the key stays listed. Needs the scope `admin`.","x-permission":"keys.manage","parameters":[{"name":"api_key_id","in":"p\##
        ath","required":true,"description":"The key's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"\##
        }],"responses":{"200":{"description":"The key.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/AP\##
        IKey"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403\##
        ":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/componen\##
        ts/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"\##
        }}}},"/api/v1/projects/{project_id}/api-keys":{"post":{"tags":["APIKeys"],"operationId":"createProjectAPIKey","summary":\##
        "Create an API key","description":"Makes a key of a project of the caller's organization. The key itself is in this answ\##
        er only. Needs the scope `admin`.","x-permission":"keys.manage","parameters":[{"name":"project_id","in":"path","required\##
        ":true,"description":"The project's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"reques\##
        tBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewAPIKey"}}}},"responses"\##
        :{"201":{"description":"The key.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/CreatedAPIKey"}}\##
        }},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$re\##
        f":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/resp\##
        onses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaT\##
        ype"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref\##
        ":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"tags":["APIKeys"],"oper\##
        ationId":"listProjectAPIKeys","summary":"List API keys","description":"Keys of a project of the caller's organization, n\##
        ewest first, revoked and expired ones among them. Needs the scope `admin`.","x-permission":"keys.read","parameters":[{"n\##
        ame":"project_id","in":"path","required":true,"description":"The project's id.","schema":{"type":"string"}},{"$ref":"#/c\##
        omponents/parameters/Project"},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":\##
        {"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description":\##
        "`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of keys.","co\##
        ntent":{"application/json":{"schema":{"$ref":"#/components/schemas/APIKeyList"}}}},"400":{"$ref":"#/components/responses\##
        /Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"\##
        404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/compone\##
        nts/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/projects/{project_id}/api-keys/{a\##
        pi_key_id}":{"delete":{"tags":["APIKeys"],"operationId":"revokeProjectAPIKey","summary":"Revoke an API key","description\##
        ":"Ends a key's use at once; the key stays listed. Needs the scope `admin`.","x-permission":"keys.manage","parameters":[\##
        {"name":"project_id","in":"path","required":true,"description":"The project's id.","schema":{"type":"string"}},{"name":"\##
        api_key_id","in":"path","required":true,"description":"The key's id.","schema":{"type":"string"}},{"$ref":"#/components/\##
        parameters/Project"}],"responses":{"200":{"description":"The key.","content":{"application/json":{"schema":{"$ref":"#/co\##
        mponents/schemas/APIKey"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Una\##
        uthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":\##
        {"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/res\##
        ponses/Unavailable"}}}},"/api/v1/api-keys/{api_key_id}/rotation":{"post":{"tags":["APIKeys"],"operationId":"rotateAPIKey\##
        ","summary":"Replace a key","description":"Makes a key like this one, which goes on for as long as the two are to overla\##
        p.","x-permission":"keys.manage","parameters":[{"name":"api_key_id","in":"path","required":true,"description":"The key's\##
         id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{\##
        "application/json":{"schema":{"$ref":"#/components/schemas/KeyRotation"},"example":{"overlap_seconds":3600}}}},"response\##
        s":{"201":{"description":"The new key.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/CreatedAPI\##
        Key"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403"\##
        :{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/component\##
        s/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsupported\##
        MediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":\##
        {"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/projects/{proje\##
        ct_id}/api-keys/{api_key_id}/rotation":{"post":{"tags":["APIKeys"],"operationId":"rotateProjectAPIKey","summary":"Replac\##
        e a key","description":"Makes a key like this one, which goes on for as long as the two are to overlap.","x-permission":\##
        "keys.manage","parameters":[{"name":"project_id","in":"path","required":true,"description":"The project's id.","schema":\##
        {"type":"string"}},{"name":"api_key_id","in":"path","required":true,"description":"The key's id.","schema":{"type":"stri\##
        ng"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema"\##
        :{"$ref":"#/components/schemas/KeyRotation"},"example":{"overlap_seconds":3600}}}},"responses":{"201":{"description":"Th\##
        e new key.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/CreatedAPIKey"}}}},"400":{"$ref":"#/co\##
        mponents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/respo\##
        nses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":\##
        {"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#\##
        /components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/respon\##
        ses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let apikeysSchemas = ##"""
        "APIKey":{"description":"A key without its secret.","type":"object","additionalProperties":false,"required":["id","proje\##
        ct_id","name","prefix","scopes","created_at","expires_at","revoked_at","last_used_at","replaced_by","allowed_networks","\##
        requests_per_second","bytes_per_second","maximum_concurrency"],"properties":{"id":{"type":"string","description":"The ke\##
        y.","format":"uuid"},"project_id":{"type":"string","description":"Its project.","format":"uuid"},"name":{"type":"string"\##
        ,"description":"What it is for."},"prefix":{"type":"string","description":"The beginning of the key, to know it by."},"s\##
        copes":{"type":"array","description":"What it allows; each stands alone.","items":{"type":"string","enum":["ingest","rea\##
        d","write","run","admin"]}},"created_at":{"type":"string","description":"When it was made. RFC 3339 with nanoseconds, UT\##
        C.","format":"date-time"},"expires_at":{"type":["string","null"],"description":"When it ends; null for never. RFC 3339 w\##
        ith nanoseconds, UTC.","format":"date-time"},"revoked_at":{"type":["string","null"],"description":"When it was revoked.\##
         RFC 3339 with nanoseconds, UTC.","format":"date-time"},"last_used_at":{"type":["string","null"],"description":"Late by\##
         up to a minute. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"replaced_by":{"type":["string","null"],"descrip\##
        tion":"The key that takes over from it.","format":"uuid"},"allowed_networks":{"type":"array","description":"Where it may\##
         be used from; empty: anywhere.","items":{"type":"string"}},"requests_per_second":{"type":["integer","null"],"descriptio\##
        n":"How often it may ask; null: no limit."},"bytes_per_second":{"type":["integer","null"],"description":"Bytes of its re\##
        quests' bodies; null: no limit."},"maximum_concurrency":{"type":["integer","null"],"description":"Requests at the same t\##
        ime; null: no limit."}}},"CreatedAPIKey":{"description":"A new key.","type":"object","additionalProperties":false,"requi\##
        red":["id","project_id","name","prefix","scopes","created_at","expires_at","revoked_at","last_used_at","key","replaced_b\##
        y","allowed_networks","requests_per_second","bytes_per_second","maximum_concurrency"],"properties":{"id":{"type":"string\##
        ","description":"The key.","format":"uuid"},"project_id":{"type":"string","description":"Its project.","format":"uuid"},\##
        "name":{"type":"string","description":"What it is for."},"prefix":{"type":"string","description":"The beginning of the k\##
        ey, to know it by."},"scopes":{"type":"array","description":"What it allows; each stands alone.","items":{"type":"string\##
        ","enum":["ingest","read","write","run","admin"]}},"created_at":{"type":"string","description":"When it was made. RFC 33\##
        39 with nanoseconds, UTC.","format":"date-time"},"expires_at":{"type":["string","null"],"description":"When it ends; nul\##
        l for never. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"revoked_at":{"type":["string","null"],"description"\##
        :"When it was revoked. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"last_used_at":{"type":["string","null"],"\##
        description":"Late by up to a minute. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"key":{"type":"string","des\##
        cription":"The key itself, shown once."},"replaced_by":{"type":["string","null"],"description":"The key that takes over\##
         from it.","format":"uuid"},"allowed_networks":{"type":"array","description":"Where it may be used from; empty: anywhere\##
        .","items":{"type":"string"}},"requests_per_second":{"type":["integer","null"],"description":"How often it may ask; null\##
        : no limit."},"bytes_per_second":{"type":["integer","null"],"description":"Bytes of its requests' bodies; null: no limit\##
        ."},"maximum_concurrency":{"type":["integer","null"],"description":"Requests at the same time; null: no limit."}}},"NewA\##
        PIKey":{"type":"object","additionalProperties":false,"required":["name","scopes"],"properties":{"name":{"type":"string",\##
        "description":"What it is for.","minLength":1,"maxLength":100},"scopes":{"type":"array","description":"One or more.","it\##
        ems":{"type":"string","enum":["ingest","read","write","run","admin"]}},"expires_at":{"type":["string","null"],"descripti\##
        on":"Null or missing for never. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"allowed_networks":{"type":["arra\##
        y","null"],"description":"Networks like `192.0.2.0/24`, at most 100; empty: from anywhere.","maxItems":100,"items":{"typ\##
        e":"string"}},"requests_per_second":{"type":["integer","null"],"description":"More are answered 429.","minimum":1,"maxim\##
        um":1000000},"bytes_per_second":{"type":["integer","null"],"description":"Of requests' bodies; more are answered 429.","\##
        minimum":1,"maximum":1000000000000},"maximum_concurrency":{"type":["integer","null"],"description":"Requests at the same\##
         time; more are answered 503.","minimum":1,"maximum":100000}}},"APIKeyList":{"type":"object","additionalProperties":fals\##
        e,"required":["data","next_cursor"],"properties":{"data":{"type":"array","description":"Keys.","items":{"$ref":"#/compon\##
        ents/schemas/APIKey"}},"next_cursor":{"type":["string","null"],"description":"For the next page; null on the last one."}\##
        }},"KeyRotation":{"description":"How long both keys work.","type":"object","additionalProperties":false,"required":[],"p\##
        roperties":{"overlap_seconds":{"type":["integer","null"],"description":"The old one ends after this; a day when missing.\##
        ","minimum":0,"maximum":2592000}}}
        """##
}
