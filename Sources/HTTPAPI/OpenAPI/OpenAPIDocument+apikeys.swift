/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let apikeysPaths = ##"""
        "/api/v1/api-keys":{"post":{"tags":["APIKeys"],"operationId":"createAPIKey","summary":"Create an API key","description":\##
        "Makes a key of the caller's own project. The key itself is in this answer only. Needs the scope `admin`; a key gives no\##
         more than it has itself.","x-permission":"keys.manage","requestBody":{"required":true,"content":{"application/json":{"s\##
        chema":{"$ref":"#/components/schemas/NewAPIKey"},"example":{"name":"collector","scopes":["ingest"]}}}},"responses":{"201\##
        ":{"description":"The key.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/CreatedAPIKey"}}}},"40\##
        0":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/\##
        components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/\##
        TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},\##
        "422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/c\##
        omponents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}},"parameters":[{"$ref":"#/components/pa\##
        rameters/Project"}]},"get":{"tags":["APIKeys"],"operationId":"listAPIKeys","summary":"List API keys","description":"Keys\##
         of the caller's own project, newest first, revoked and expired ones among them. Needs the scope `admin`.","x-permission\##
        ":"keys.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"limit","in":"query","required":false,"de\##
        scription":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in"\##
        :"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"2\##
        00":{"description":"A page of keys.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/APIKeyList"}}\##
        }},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$re\##
        f":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/resp\##
        onses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/\##
        api/v1/api-keys/{api_key_id}":{"delete":{"tags":["APIKeys"],"operationId":"revokeAPIKey","summary":"Revoke an API key","\##
        description":"Ends a key's use at once; the key stays listed. Needs the scope `admin`.","x-permission":"keys.manage","pa\##
        rameters":[{"name":"api_key_id","in":"path","required":true,"description":"The key's id.","schema":{"type":"string"}},{"\##
        $ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The key.","content":{"application/json":{"s\##
        chema":{"$ref":"#/components/schemas/APIKey"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/comp\##
        onents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/respons\##
        es/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$re\##
        f":"#/components/responses/Unavailable"}}}},"/api/v1/projects/{project_id}/api-keys":{"post":{"tags":["APIKeys"],"operat\##
        ionId":"createProjectAPIKey","summary":"Create an API key","description":"Makes a key of a project of the caller's organ\##
        ization. The key itself is in this answer only. Needs the scope `admin`, and in another project than the key's own a key\##
         that reaches the organization.","x-permission":"keys.manage","parameters":[{"name":"project_id","in":"path","required":\##
        true,"description":"The project's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestB\##
        ody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewAPIKey"}}}},"responses":{\##
        "201":{"description":"The key.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/CreatedAPIKey"}}}}\##
        ,"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref"\##
        :"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/respon\##
        ses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaTyp\##
        e"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":\##
        "#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"tags":["APIKeys"],"operat\##
        ionId":"listProjectAPIKeys","summary":"List API keys","description":"Keys of a project of the caller's organization, new\##
        est first, revoked and expired ones among them. Needs the scope `admin`.","x-permission":"keys.read","parameters":[{"nam\##
        e":"project_id","in":"path","required":true,"description":"The project's id.","schema":{"type":"string"}},{"$ref":"#/com\##
        ponents/parameters/Project"},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"\##
        type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`\##
        next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of keys.","cont\##
        ent":{"application/json":{"schema":{"$ref":"#/components/schemas/APIKeyList"}}}},"400":{"$ref":"#/components/responses/M\##
        alformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"40\##
        4":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/component\##
        s/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/projects/{project_id}/api-keys/{api\##
        _key_id}":{"delete":{"tags":["APIKeys"],"operationId":"revokeProjectAPIKey","summary":"Revoke an API key","description":\##
        "Ends a key's use at once; the key stays listed. Needs the scope `admin`.","x-permission":"keys.manage","parameters":[{"\##
        name":"project_id","in":"path","required":true,"description":"The project's id.","schema":{"type":"string"}},{"name":"ap\##
        i_key_id","in":"path","required":true,"description":"The key's id.","schema":{"type":"string"}},{"$ref":"#/components/pa\##
        rameters/Project"}],"responses":{"200":{"description":"The key.","content":{"application/json":{"schema":{"$ref":"#/comp\##
        onents/schemas/APIKey"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unaut\##
        henticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"\##
        $ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/respo\##
        nses/Unavailable"}}}},"/api/v1/api-keys/{api_key_id}/rotation":{"post":{"tags":["APIKeys"],"operationId":"rotateAPIKey",\##
        "summary":"Replace a key","description":"Makes a key like this one, which goes on for as long as the two are to overlap.\##
         Refused where the caller might not make such a key.","x-permission":"keys.manage","parameters":[{"name":"api_key_id","i\##
        n":"path","required":true,"description":"The key's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Pro\##
        ject"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/KeyRotation\##
        "},"example":{"overlap_seconds":3600}}}},"responses":{"201":{"description":"The new key.","content":{"application/json":\##
        {"schema":{"$ref":"#/components/schemas/CreatedAPIKey"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$re\##
        f":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/componen\##
        ts/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"}\##
        ,"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429\##
        ":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/r\##
        esponses/Unavailable"}}}},"/api/v1/projects/{project_id}/api-keys/{api_key_id}/rotation":{"post":{"tags":["APIKeys"],"op\##
        erationId":"rotateProjectAPIKey","summary":"Replace a key","description":"Makes a key like this one, which goes on for a\##
        s long as the two are to overlap. Refused where the caller might not make such a key.","x-permission":"keys.manage","par\##
        ameters":[{"name":"project_id","in":"path","required":true,"description":"The project's id.","schema":{"type":"string"}}\##
        ,{"name":"api_key_id","in":"path","required":true,"description":"The key's id.","schema":{"type":"string"}},{"$ref":"#/c\##
        omponents/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/compon\##
        ents/schemas/KeyRotation"},"example":{"overlap_seconds":3600}}}},"responses":{"201":{"description":"The new key.","conte\##
        nt":{"application/json":{"schema":{"$ref":"#/components/schemas/CreatedAPIKey"}}}},"400":{"$ref":"#/components/responses\##
        /Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"\##
        404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/compone\##
        nts/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/respon\##
        ses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503"\##
        :{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let apikeysSchemas = ##"""
        "APIKey":{"description":"A key without its secret.","type":"object","additionalProperties":false,"required":["id","proje\##
        ct_id","name","prefix","scopes","created_at","expires_at","revoked_at","last_used_at","replaced_by","allowed_networks","\##
        requests_per_second","bytes_per_second","maximum_concurrency","reaches_organization","further_projects","created_by"],"p\##
        roperties":{"id":{"type":"string","description":"The key.","format":"uuid"},"project_id":{"type":"string","description":\##
        "Its project.","format":"uuid"},"name":{"type":"string","description":"What it is for."},"prefix":{"type":"string","desc\##
        ription":"The beginning of the key, to know it by."},"scopes":{"type":"array","description":"What it allows; each stands\##
         alone.","items":{"type":"string","enum":["ingest","read","write","run","admin"]}},"created_at":{"type":"string","descri\##
        ption":"When it was made. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"expires_at":{"type":["string","null"],\##
        "description":"When it ends; null for never. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"revoked_at":{"type"\##
        :["string","null"],"description":"When it was revoked. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"last_used\##
        _at":{"type":["string","null"],"description":"Late by up to a minute. RFC 3339 with nanoseconds, UTC.","format":"date-ti\##
        me"},"replaced_by":{"type":["string","null"],"description":"The key that takes over from it.","format":"uuid"},"allowed_\##
        networks":{"type":"array","description":"Where it may be used from; empty: anywhere.","items":{"type":"string"}},"reques\##
        ts_per_second":{"type":["integer","null"],"description":"How often it may ask; null: no limit."},"bytes_per_second":{"ty\##
        pe":["integer","null"],"description":"Bytes of its requests' bodies; null: no limit."},"maximum_concurrency":{"type":["i\##
        nteger","null"],"description":"Requests at the same time; null: no limit."},"reaches_organization":{"type":"boolean","de\##
        scription":"Whether its scope `admin` counts in the whole organization: its projects, and the keys of them."},"further_p\##
        rojects":{"type":"array","description":"Other projects of the organization, in use, that it may choose to send to: see d\##
        ocs/access.md.","items":{"$ref":"#/components/schemas/KeyProject"}},"created_by":{"oneOf":[{"$ref":"#/components/schemas\##
        /KeyCreator"},{"type":"null"}],"description":"Who made it; null: the first start, or nobody knows any more."}}},"Created\##
        APIKey":{"description":"A new key.","type":"object","additionalProperties":false,"required":["id","project_id","name","p\##
        refix","scopes","created_at","expires_at","revoked_at","last_used_at","key","replaced_by","allowed_networks","requests_p\##
        er_second","bytes_per_second","maximum_concurrency","reaches_organization","further_projects","created_by"],"properties"\##
        :{"id":{"type":"string","description":"The key.","format":"uuid"},"project_id":{"type":"string","description":"Its proje\##
        ct.","format":"uuid"},"name":{"type":"string","description":"What it is for."},"prefix":{"type":"string","description":"\##
        The beginning of the key, to know it by."},"scopes":{"type":"array","description":"What it allows; each stands alone.","\##
        items":{"type":"string","enum":["ingest","read","write","run","admin"]}},"created_at":{"type":"string","description":"Wh\##
        en it was made. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"expires_at":{"type":["string","null"],"descripti\##
        on":"When it ends; null for never. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"revoked_at":{"type":["string"\##
        ,"null"],"description":"When it was revoked. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"last_used_at":{"typ\##
        e":["string","null"],"description":"Late by up to a minute. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"key"\##
        :{"type":"string","description":"The key itself, shown once."},"replaced_by":{"type":["string","null"],"description":"Th\##
        e key that takes over from it.","format":"uuid"},"allowed_networks":{"type":"array","description":"Where it may be used\##
         from; empty: anywhere.","items":{"type":"string"}},"requests_per_second":{"type":["integer","null"],"description":"How\##
         often it may ask; null: no limit."},"bytes_per_second":{"type":["integer","null"],"description":"Bytes of its requests'\##
         bodies; null: no limit."},"maximum_concurrency":{"type":["integer","null"],"description":"Requests at the same time; nu\##
        ll: no limit."},"reaches_organization":{"type":"boolean","description":"Whether its scope `admin` counts in the whole or\##
        ganization: its projects, and the keys of them."},"further_projects":{"type":"array","description":"Other projects of th\##
        e organization, in use, that it may choose to send to: see docs/access.md.","items":{"$ref":"#/components/schemas/KeyPro\##
        ject"}},"created_by":{"oneOf":[{"$ref":"#/components/schemas/KeyCreator"},{"type":"null"}],"description":"Who made it; n\##
        ull: the first start, or nobody knows any more."}}},"KeyProject":{"description":"A project that a key may send to.","typ\##
        e":"object","additionalProperties":false,"required":["id","name"],"properties":{"id":{"type":"string","description":"The\##
         project.","format":"uuid"},"name":{"type":"string","description":"What it is called."}}},"NewAPIKey":{"description":"Wh\##
        at the key allows. One that a key makes has at most the scopes, networks, limits and time of that key.","type":"object",\##
        "additionalProperties":false,"required":["name","scopes"],"properties":{"name":{"type":"string","description":"What it i\##
        s for.","minLength":1,"maxLength":100},"scopes":{"type":"array","description":"One or more.","items":{"type":"string","e\##
        num":["ingest","read","write","run","admin"]}},"expires_at":{"type":["string","null"],"description":"Null or missing for\##
         never. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"allowed_networks":{"type":["array","null"],"description"\##
        :"Networks like `192.0.2.0/24`, at most 100; empty: from anywhere.","maxItems":100,"items":{"type":"string"}},"requests_\##
        per_second":{"type":["integer","null"],"description":"More are answered 429.","minimum":1,"maximum":1000000},"bytes_per_\##
        second":{"type":["integer","null"],"description":"Of requests' bodies; more are answered 429.","minimum":1,"maximum":100\##
        0000000000},"maximum_concurrency":{"type":["integer","null"],"description":"Requests at the same time; more are answered\##
         503.","minimum":1,"maximum":100000},"reaches_organization":{"type":["boolean","null"],"description":"Whether its scope\##
         `admin` counts in the whole organization, to list and create projects and to manage their keys. For owners and admins o\##
        f the organization, and keys that reach it themselves.","default":false},"further_projects":{"type":["array","null"],"de\##
        scription":"Ids of other projects of the organization that it may choose to send spans and scores to, each once; the cal\##
        ler manages the keys of each. A request names one of them with `Spandrel-Project`, or as its client does it.","maxItems"\##
        :100,"items":{"type":"string","format":"uuid"}}}},"APIKeyList":{"type":"object","additionalProperties":false,"required":\##
        ["data","next_cursor"],"properties":{"data":{"type":"array","description":"Keys.","items":{"$ref":"#/components/schemas/\##
        APIKey"}},"next_cursor":{"type":["string","null"],"description":"For the next page; null on the last one."}}},"KeyRotati\##
        on":{"description":"How long both keys work.","type":"object","additionalProperties":false,"required":[],"properties":{"\##
        overlap_seconds":{"type":["integer","null"],"description":"The old one ends after this; a day when missing.","minimum":0\##
        ,"maximum":2592000}}},"KeyCreator":{"description":"A user or a key, by the e-mail address or the beginning of the key.",\##
        "type":"object","additionalProperties":false,"required":["kind","id","name"],"properties":{"kind":{"type":"string","enum\##
        ":["user","api_key"],"description":"What it is."},"id":{"type":"string","format":"uuid","description":"The user or key."\##
        },"name":{"type":["string","null"],"description":"The user's e-mail address, or the beginning of the key."}}}
        """##
}
