/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let endusersPaths = ##"""
        "/api/v1/end-users":{"get":{"tags":["EndUsers"],"operationId":"listEndUsers","summary":"List end users","description":"U\##
        sers of the traced applications, whom spans name by `user.id`. A trace is the user's whom its earliest span with a user\##
         id names; all its spans count. A user is listed when one of the spans that carry the id matches the filter and starts w\##
        ithin the range. Needs the scope `read`.","x-permission":"traces.read","parameters":[{"$ref":"#/components/parameters/Pr\##
        oject"},{"name":"filter","in":"query","required":false,"description":"The filter as JSON, or in brackets: `filter[durati\##
        on_ms][_gt]=100`.","schema":{"type":"string"}},{"name":"from","in":"query","required":false,"description":"Spans that st\##
        art at this time or later.","schema":{"type":"string"}},{"name":"to","in":"query","required":false,"description":"Spans\##
         that start before this time.","schema":{"type":"string"}},{"name":"sort","in":"query","required":false,"description":"W\##
        hat to sort by; a minus before it means descending.","schema":{"type":"string","enum":["last_time","-last_time","first_t\##
        ime","-first_time","trace_count","-trace_count","span_count","-span_count","error_count","-error_count","total_tokens","\##
        -total_tokens","cost","-cost"],"default":"-last_time"}},{"name":"limit","in":"query","required":false,"description":"How\##
         many at most.","schema":{"type":"integer","minimum":1,"maximum":1000,"default":50}},{"name":"cursor","in":"query","requ\##
        ired":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}},{"name":"fields","in":"query",\##
        "required":false,"description":"Names of fields with commas between them; all when it is missing.","schema":{"type":"str\##
        ing"}},{"name":"explain","in":"query","required":false,"description":"Tell what was read and what was skipped.","schema"\##
        :{"type":"boolean","default":false}}],"responses":{"200":{"description":"A page of users.","content":{"application/json"\##
        :{"schema":{"$ref":"#/components/schemas/EndUserList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref\##
        ":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/component\##
        s/responses/NotFound"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limit\##
        ed"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/end-\##
        users/{user_id}":{"get":{"tags":["EndUsers"],"operationId":"getEndUser","summary":"Get an end user","description":"A use\##
        r of the traced applications and the traces, newest first. Needs the scope `read`.","x-permission":"traces.read","parame\##
        ters":[{"name":"user_id","in":"path","required":true,"description":"As spans name the user, percent-encoded.","schema":{\##
        "type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"limit","in":"query","required":false,"description"\##
        :"How many at most.","schema":{"type":"integer","minimum":1,"maximum":1000,"default":50}},{"name":"cursor","in":"query",\##
        "required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"200":{"des\##
        cription":"The user, with traces.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/EndUser"}}}},"4\##
        00":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#\##
        /components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"$ref":"#/components/responses\##
        /Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"\##
        $ref":"#/components/responses/Unavailable"}}}}
        """##

    static let endusersSchemas = ##"""
        "EndUserSummary":{"description":"One end user as a row of a list. With `fields`, only those.","type":"object","additiona\##
        lProperties":false,"required":[],"properties":{"user_id":{"type":"string","description":"As spans name the user."},"firs\##
        t_time":{"type":"string","description":"Start of its earliest span. RFC 3339 with nanoseconds, UTC.","format":"date-time\##
        "},"last_time":{"type":"string","description":"Start of its latest span. RFC 3339 with nanoseconds, UTC.","format":"date\##
        -time"},"trace_count":{"type":"integer","description":"Traces."},"span_count":{"type":"integer","description":"Spans."},\##
        "error_count":{"type":"integer","description":"Spans with the status error."},"input_tokens":{"type":["integer","null"],\##
        "description":"Sum."},"output_tokens":{"type":["integer","null"],"description":"Sum."},"total_tokens":{"type":["integer"\##
        ,"null"],"description":"Sum."},"cost":{"type":["number","null"],"description":"US dollars."},"sessions":{"type":"array",\##
        "description":"The first sessions seen.","items":{"type":"string"}},"models":{"type":"array","description":"Models calle\##
        d.","items":{"type":"string"}}}},"EndUserList":{"type":"object","additionalProperties":false,"required":["data","next_cu\##
        rsor"],"properties":{"data":{"type":"array","description":"Users.","items":{"$ref":"#/components/schemas/EndUserSummary"\##
        }},"next_cursor":{"type":["string","null"],"description":"For the next page; null on the last one."},"explain":{"$ref":"\##
        #/components/schemas/Explanation"}}},"EndUser":{"description":"An end user with traces.","type":"object","additionalProp\##
        erties":false,"required":["user_id","first_time","last_time","trace_count","span_count","error_count","input_tokens","ou\##
        tput_tokens","total_tokens","cost","sessions","models","traces","next_cursor"],"properties":{"user_id":{"type":"string",\##
        "description":"As spans name the user."},"first_time":{"type":"string","description":"Start of its earliest span. RFC 33\##
        39 with nanoseconds, UTC.","format":"date-time"},"last_time":{"type":"string","description":"Start of its latest span. R\##
        FC 3339 with nanoseconds, UTC.","format":"date-time"},"trace_count":{"type":"integer","description":"Traces."},"span_cou\##
        nt":{"type":"integer","description":"Spans."},"error_count":{"type":"integer","description":"Spans with the status error\##
        ."},"input_tokens":{"type":["integer","null"],"description":"Sum."},"output_tokens":{"type":["integer","null"],"descript\##
        ion":"Sum."},"total_tokens":{"type":["integer","null"],"description":"Sum."},"cost":{"type":["number","null"],"descripti\##
        on":"US dollars."},"sessions":{"type":"array","description":"The first sessions seen.","items":{"type":"string"}},"model\##
        s":{"type":"array","description":"Models called.","items":{"type":"string"}},"traces":{"type":"array","description":"The\##
         user's, newest first.","items":{"$ref":"#/components/schemas/TraceSummary"}},"next_cursor":{"type":["string","null"],"d\##
        escription":"For more of its traces."}}}
        """##
}
