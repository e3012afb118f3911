/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let auditPaths = ##"""
        "/api/v1/audit":{"get":{"tags":["Audit"],"operationId":"listAuditEntries","summary":"List audit entries","description":"\##
        What was changed, newest first: of the whole organization for its admins, of the project for others and for keys. An org\##
        anization's admins also see what belongs to no organization and is about its members since they are: sign-ins, refused o\##
        nes too, and changes of accounts, without `before` and `after`.","x-permission":"audit.read","parameters":[{"$ref":"#/co\##
        mponents/parameters/Project"},{"name":"action","in":"query","required":false,"description":"An operation's id.","schema"\##
        :{"type":"string","maxLength":200}},{"name":"user_id","in":"query","required":false,"description":"Of the user who did i\##
        t.","schema":{"type":"string","format":"uuid"}},{"name":"api_key_id","in":"query","required":false,"description":"Of the\##
         key that did it.","schema":{"type":"string","format":"uuid"}},{"name":"resource_kind","in":"query","required":false,"de\##
        scription":"Of what was changed, like `api_key`.","schema":{"type":"string","maxLength":200}},{"name":"resource_id","in"\##
        :"query","required":false,"description":"Of what was changed.","schema":{"type":"string","maxLength":200}},{"name":"sinc\##
        e","in":"query","required":false,"description":"At this time or later.","schema":{"type":"string","format":"date-time"}}\##
        ,{"name":"until","in":"query","required":false,"description":"Before this time.","schema":{"type":"string","format":"dat\##
        e-time"}},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","mi\##
        nimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the\##
         page before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of entries.","content":{"applicati\##
        on/json":{"schema":{"$ref":"#/components/schemas/AuditEntryList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"\##
        401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"\##
        #/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/\##
        Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/audit/export":{"get":{"tags":["Audit"],"operati\##
        onId":"exportAuditEntries","summary":"Export audit entries","description":"All that match, newest first, as JSON Lines."\##
        ,"x-permission":"audit.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"action","in":"query","req\##
        uired":false,"description":"An operation's id.","schema":{"type":"string","maxLength":200}},{"name":"user_id","in":"quer\##
        y","required":false,"description":"Of the user who did it.","schema":{"type":"string","format":"uuid"}},{"name":"api_key\##
        _id","in":"query","required":false,"description":"Of the key that did it.","schema":{"type":"string","format":"uuid"}},{\##
        "name":"resource_kind","in":"query","required":false,"description":"Of what was changed, like `api_key`.","schema":{"typ\##
        e":"string","maxLength":200}},{"name":"resource_id","in":"query","required":false,"description":"Of what was changed.","\##
        schema":{"type":"string","maxLength":200}},{"name":"since","in":"query","required":false,"description":"At this time or\##
         later.","schema":{"type":"string","format":"date-time"}},{"name":"until","in":"query","required":false,"description":"B\##
        efore this time.","schema":{"type":"string","format":"date-time"}}],"responses":{"200":{"description":"One entry a line.\##
        ","content":{"application/jsonl":{"schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":\##
        {"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/com\##
        ponents/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defec\##
        t"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let auditSchemas = ##"""
        "AuditEntry":{"description":"Who did what.","type":"object","additionalProperties":false,"required":["id","time_unix_nan\##
        o","organization_id","project_id","caller_kind","caller_id","caller_name","action","resource_kind","resource_id","addres\##
        s","request_id","outcome","before","after"],"properties":{"id":{"type":"string","description":"The entry.","format":"uui\##
        d"},"time_unix_nano":{"type":"string","description":"When: nanoseconds since 1970."},"organization_id":{"type":["string"\##
        ,"null"],"description":"Where.","format":"uuid"},"project_id":{"type":["string","null"],"description":"The project, wher\##
        e it was in one.","format":"uuid"},"caller_kind":{"type":"string","description":"Who.","enum":["user","api_key","anonymo\##
        us","system"]},"caller_id":{"type":["string","null"],"description":"The user or the key.","format":"uuid"},"caller_name"\##
        :{"type":"string","description":"Its e-mail address or prefix then."},"action":{"type":"string","description":"The opera\##
        tion's id."},"resource_kind":{"type":"string","description":"Of what was changed."},"resource_id":{"type":"string","desc\##
        ription":"Of what was changed."},"address":{"type":["string","null"],"description":"Where the request came from."},"requ\##
        est_id":{"type":"string","description":"As in `x-request-id`."},"outcome":{"type":"string","description":"Whether it was\##
         done.","enum":["succeeded","refused"]},"before":{"type":["object","null"],"description":"What it was; secrets left out.\##
        ","additionalProperties":true},"after":{"type":["object","null"],"description":"What it is; secrets left out.","addition\##
        alProperties":true}}},"AuditEntryList":{"type":"object","additionalProperties":false,"required":["data","next_cursor"],"\##
        properties":{"data":{"type":"array","description":"Entries.","items":{"$ref":"#/components/schemas/AuditEntry"}},"next_c\##
        ursor":{"type":["string","null"],"description":"For the next page; null on the last one."}}}
        """##
}
