/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let tracesPaths = ##"""
        "/api/v1/traces":{"get":{"tags":["Traces"],"operationId":"listTraces","summary":"List traces","description":"A trace is\##
         listed when one of its spans matches the filter and starts within the range; its figures are of all its spans. Needs th\##
        e scope `read`.","x-permission":"traces.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"filter",\##
        "in":"query","required":false,"description":"The filter as JSON, or in brackets: `filter[duration_ms][_gt]=100`.","schem\##
        a":{"type":"string"}},{"name":"from","in":"query","required":false,"description":"Spans that start at this time or later\##
        .","schema":{"type":"string"}},{"name":"to","in":"query","required":false,"description":"Spans that start before this ti\##
        me.","schema":{"type":"string"}},{"name":"sort","in":"query","required":false,"description":"What to sort by; a minus be\##
        fore it means descending.","schema":{"type":"string","enum":["start_time","-start_time","duration_ms","-duration_ms","sp\##
        an_count","-span_count","error_count","-error_count","total_tokens","-total_tokens","cost","-cost"],"default":"-start_ti\##
        me"}},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","minimu\##
        m":1,"maximum":1000,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the pa\##
        ge before.","schema":{"type":"string"}},{"name":"fields","in":"query","required":false,"description":"Names of fields wi\##
        th commas between them; all when it is missing.","schema":{"type":"string"}},{"name":"explain","in":"query","required":f\##
        alse,"description":"Tell what was read and what was skipped.","schema":{"type":"boolean","default":false}}],"responses":\##
        {"200":{"description":"A page of traces.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/TraceLis\##
        t"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{\##
        "$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"$ref":"#/components/\##
        responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"}\##
        ,"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/traces/{trace_id}":{"get":{"tags":["Traces"],"operation\##
        Id":"getTrace","summary":"Get a trace","description":"All spans of a trace, in tree order, or as OTLP JSON. Needs the sc\##
        ope `read`.","x-permission":"traces.read","parameters":[{"name":"trace_id","in":"path","required":true,"description":"32\##
         hexadecimal digits.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"format","in":"quer\##
        y","required":false,"description":"`otlp`: OTLP's `TracesData` in JSON, with everything the senders sent.","schema":{"ty\##
        pe":"string","enum":["json","otlp"],"default":"json"}}],"responses":{"200":{"description":"The trace.","content":{"appli\##
        cation/json":{"schema":{"oneOf":[{"$ref":"#/components/schemas/Trace"},{"$ref":"#/components/schemas/TracesData"}]}}}},"\##
        400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"\##
        #/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"$ref":"#/components/response\##
        s/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{\##
        "$ref":"#/components/responses/Unavailable"}}}},"/api/v1/traces/{trace_id}/spans":{"get":{"tags":["Traces"],"operationId\##
        ":"listTraceSpans","summary":"List the rows of a trace","description":"A window of the spans of a trace in the order of\##
         a waterfall: children by start under their parent, spans whose parent is missing behind the real roots, cycles cut and\##
         last. The order is made once for what the store has of the trace and kept; `version` changes when the trace does. Needs\##
         the scope `read`.","x-permission":"traces.read","parameters":[{"name":"trace_id","in":"path","required":true,"descripti\##
        on":"32 hexadecimal digits.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"offset","in\##
        ":"query","required":false,"description":"Position of the first row; behind the last one there is none.","schema":{"type\##
        ":"integer","minimum":0,"maximum":2147483647,"default":0}},{"name":"limit","in":"query","required":false,"description":"\##
        How many at most.","schema":{"type":"integer","minimum":1,"maximum":1000,"default":200}},{"name":"around","in":"query","\##
        required":false,"description":"Id of a span to show in the middle, instead of `offset`. 404 if the trace has no such spa\##
        n.","schema":{"type":"string"}},{"name":"collapsed","in":"query","required":false,"description":"Ids of spans, with comm\##
        as between them, whose subtrees do not show. At most 1000; ids the trace does not have are passed over.","schema":{"type\##
        ":"string"}}],"responses":{"200":{"description":"The window, and what holds for the whole trace.","content":{"applicatio\##
        n/json":{"schema":{"$ref":"#/components/schemas/TraceWindow"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401"\##
        :{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/co\##
        mponents/responses/NotFound"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/response\##
        s/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/\##
        v1/traces/{trace_id}/search":{"get":{"tags":["Traces"],"operationId":"searchTrace","summary":"Search inside a trace","de\##
        scription":"Spans of a trace that have a text in their name, their status message or a text of an attribute, prompts inc\##
        luded; ASCII letters match in either case. In the order of rows. Needs the scope `read`.","x-permission":"traces.read","\##
        parameters":[{"name":"trace_id","in":"path","required":true,"description":"32 hexadecimal digits.","schema":{"type":"str\##
        ing"}},{"$ref":"#/components/parameters/Project"},{"name":"q","in":"query","required":true,"description":"What to look f\##
        or: 1 to 1024 bytes, literally.","schema":{"type":"string"}},{"name":"limit","in":"query","required":false,"description"\##
        :"How many at most.","schema":{"type":"integer","minimum":1,"maximum":10000,"default":1000}},{"name":"collapsed","in":"q\##
        uery","required":false,"description":"Ids of spans, with commas between them, whose subtrees do not show. At most 1000;\##
         ids the trace does not have are passed over.","schema":{"type":"string"}}],"responses":{"200":{"description":"What was\##
         found.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/TraceMatchList"}}}},"400":{"$ref":"#/comp\##
        onents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/respons\##
        es/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"$ref":"#/components/responses/Unprocessable"},"4\##
        29":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components\##
        /responses/Unavailable"}}}},"/api/v1/traces/{trace_id}/spans/{span_id}":{"get":{"tags":["Traces"],"operationId":"getSpan\##
        ","summary":"Get a span","description":"Everything of one span: what was sent, what the mapping made of it, and its inpu\##
        t and output as messages. A value of more than 64 KiB, and any of more than 256 bytes once the others take a MiB, is lef\##
        t out and named in `payloads`. Needs the scope `read`.","x-permission":"traces.read","parameters":[{"name":"trace_id","i\##
        n":"path","required":true,"description":"32 hexadecimal digits.","schema":{"type":"string"}},{"name":"span_id","in":"pat\##
        h","required":true,"description":"16 hexadecimal digits.","schema":{"type":"string"}},{"$ref":"#/components/parameters/P\##
        roject"}],"responses":{"200":{"description":"The span.","content":{"application/json":{"schema":{"$ref":"#/components/sc\##
        hemas/SpanDetail"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenti\##
        cated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"$ref"\##
        :"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/res\##
        ponses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/traces/{trace_id}/spans/{span_id}/payloa\##
        ds/{name}":{"get":{"tags":["Traces"],"operationId":"getSpanPayload","summary":"Get a long value of a span","description"\##
        :"The bytes of one value: a text as it is, everything else as JSON, bytes as bytes. One range of bytes may be asked for\##
         with `Range`. Needs the scope `read`.","x-permission":"traces.read","parameters":[{"name":"trace_id","in":"path","requi\##
        red":true,"description":"32 hexadecimal digits.","schema":{"type":"string"}},{"name":"span_id","in":"path","required":tr\##
        ue,"description":"16 hexadecimal digits.","schema":{"type":"string"}},{"name":"name","in":"path","required":true,"descri\##
        ption":"As `payloads` of the span has it; `attributes.KEY` and its like also name short values.","schema":{"type":"strin\##
        g"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The whole value.","content":{"text/p\##
        lain":{"schema":{"type":"string"}},"application/json":{"schema":{}},"application/octet-stream":{"schema":{"type":"string\##
        ","format":"binary"}}}},"206":{"description":"The range of it.","content":{"text/plain":{"schema":{"type":"string"}},"ap\##
        plication/json":{"schema":{"type":"string"}},"application/octet-stream":{"schema":{"type":"string","format":"binary"}}},\##
        "headers":{"Content-Range":{"description":"Which bytes, of how many.","schema":{"type":"string"}}}},"400":{"$ref":"#/com\##
        ponents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/respon\##
        ses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"416":{"description":"None of the bytes is in the range\##
        .","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}},"headers":{"Content-Range":\##
        {"description":"How many bytes there are.","schema":{"type":"string"}}}},"422":{"$ref":"#/components/responses/Unprocess\##
        able"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/c\##
        omponents/responses/Unavailable"}}}},"/api/v1/traces/{trace_id}/spans/{span_id}/explain":{"get":{"tags":["Traces"],"oper\##
        ationId":"explainSpan","summary":"Explain a span","description":"Which attribute and which rule filled each field of a s\##
        pan, and how its cost came about: the mapping and the prices of today over the stored attributes, beside what was stored\##
         when the span came in. Needs the scope `read`.","x-permission":"traces.read","parameters":[{"name":"trace_id","in":"pat\##
        h","required":true,"description":"32 hexadecimal digits.","schema":{"type":"string"}},{"name":"span_id","in":"path","req\##
        uired":true,"description":"16 hexadecimal digits.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"\##
        }],"responses":{"200":{"description":"Why the fields are what they are.","content":{"application/json":{"schema":{"$ref"\##
        :"#/components/schemas/SpanExplanation"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/component\##
        s/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/No\##
        tFound"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$\##
        ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/traces/histogram":\##
        {"get":{"tags":["Traces"],"operationId":"getTraceHistogram","summary":"Count traces over time","description":"How many t\##
        races the filter lists, in steps of time. A trace counts once, where its earliest matching span starts, so the bars add\##
         up to the number of traces. Needs the scope `read`.","x-permission":"traces.read","parameters":[{"$ref":"#/components/p\##
        arameters/Project"},{"name":"filter","in":"query","required":false,"description":"The filter as JSON, or in brackets: `f\##
        ilter[duration_ms][_gt]=100`.","schema":{"type":"string"}},{"name":"from","in":"query","required":false,"description":"S\##
        pans that start at this time or later.","schema":{"type":"string"}},{"name":"to","in":"query","required":false,"descript\##
        ion":"Spans that start before this time.","schema":{"type":"string"}},{"name":"bucket","in":"query","required":false,"de\##
        scription":"A step such as `30s`, `5m`, `1h`, `1d`, counted in UTC; chosen to fit 120 bars when it is missing. At most 1\##
        000 bars.","schema":{"type":"string"}}],"responses":{"200":{"description":"The bars.","content":{"application/json":{"sc\##
        hema":{"$ref":"#/components/schemas/TraceHistogram"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":\##
        "#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/\##
        responses/NotFound"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited\##
        "},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/traces\##
        /export":{"get":{"tags":["Traces"],"operationId":"exportTraceList","summary":"Export a list of traces","description":"Wh\##
        at the list shows, as a file, page by page as it is read from one snapshot. Texts of CSV that a spreadsheet would run as\##
         a formula have an apostrophe in front. Needs the scope `read`.","x-permission":"traces.read","parameters":[{"$ref":"#/c\##
        omponents/parameters/Project"},{"name":"filter","in":"query","required":false,"description":"The filter as JSON, or in b\##
        rackets: `filter[duration_ms][_gt]=100`.","schema":{"type":"string"}},{"name":"from","in":"query","required":false,"desc\##
        ription":"Spans that start at this time or later.","schema":{"type":"string"}},{"name":"to","in":"query","required":fals\##
        e,"description":"Spans that start before this time.","schema":{"type":"string"}},{"name":"sort","in":"query","required":\##
        false,"description":"What to sort by; a minus before it means descending.","schema":{"type":"string","enum":["start_time\##
        ","-start_time","duration_ms","-duration_ms","span_count","-span_count","error_count","-error_count","total_tokens","-to\##
        tal_tokens","cost","-cost"],"default":"-start_time"}},{"name":"fields","in":"query","required":false,"description":"Colu\##
        mns, with commas between them, in this order; all when it is missing.","schema":{"type":"string"}},{"name":"format","in"\##
        :"query","required":false,"description":"JSON (one list), JSON Lines, or CSV with a header.","schema":{"type":"string","\##
        enum":["json","jsonl","csv"],"default":"json"}},{"name":"limit","in":"query","required":false,"description":"How many tr\##
        aces at most.","schema":{"type":"integer","minimum":1,"maximum":100000,"default":100000}}],"responses":{"200":{"descript\##
        ion":"The file.","content":{"application/json":{"schema":{"type":"array","description":"Traces.","items":{"$ref":"#/comp\##
        onents/schemas/TraceSummary"}}},"application/jsonl":{"schema":{"type":"string"}},"text/csv":{"schema":{"type":"string"}}\##
        },"headers":{"Content-Disposition":{"description":"The file's name.","schema":{"type":"string"}}}},"400":{"$ref":"#/comp\##
        onents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/respons\##
        es/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"$ref":"#/components/responses/Unprocessable"},"4\##
        29":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components\##
        /responses/Unavailable"}}}}
        """##

    static let tracesSchemas = ##"""
        "TraceSummary":{"description":"One trace as a row of a list. With `fields`, only those.","type":"object","additionalProp\##
        erties":false,"required":[],"properties":{"trace_id":{"type":"string","description":"32 hexadecimal digits."},"name":{"t\##
        ype":["string","null"],"description":"Of the root."},"service":{"type":["string","null"],"description":"Of the root."},"\##
        start_time":{"type":"string","description":"Of the earliest span. RFC 3339 with nanoseconds, UTC.","format":"date-time"}\##
        ,"duration_ms":{"type":"number","description":"From the earliest start to the latest end."},"span_count":{"type":"intege\##
        r","description":"Spans, repeats left out."},"error_count":{"type":"integer","description":"Spans with the status error.\##
        "},"input_tokens":{"type":["integer","null"],"description":"Sum over its spans."},"output_tokens":{"type":["integer","nu\##
        ll"],"description":"Sum over its spans."},"total_tokens":{"type":["integer","null"],"description":"Sum over its spans."}\##
        ,"cost":{"type":["number","null"],"description":"US dollars."},"models":{"type":"array","description":"Models called.","\##
        items":{"type":"string"}},"session_id":{"type":["string","null"],"description":"Of the earliest span that has one."},"us\##
        er_id":{"type":["string","null"],"description":"Of the earliest span that has one."}}},"TraceList":{"type":"object","add\##
        itionalProperties":false,"required":["data","next_cursor","arrival_position"],"properties":{"data":{"type":"array","desc\##
        ription":"Traces.","items":{"$ref":"#/components/schemas/TraceSummary"}},"next_cursor":{"type":["string","null"],"descri\##
        ption":"For the next page; null on the last one."},"arrival_position":{"type":"integer","description":"How far what is a\##
        nswered reaches in the order in which spans came in: `arrival_position` of the events of arrivals beyond it means that m\##
        ore has come."},"explain":{"$ref":"#/components/schemas/Explanation"}}},"Span":{"description":"A span with everything it\##
         carried.","type":"object","additionalProperties":false,"required":["span_id","parent_span_id","depth","name","service",\##
        "span_kind","start_time","end_time","start_time_unix_nano","end_time_unix_nano","duration_ms","status","status_message",\##
        "is_running","trace_state","flags","kind","provider","model","request_model","response_model","input_attribute","output_\##
        attribute","input_tokens","output_tokens","cache_read_tokens","cache_write_tokens","reasoning_tokens","input_uncached_to\##
        kens","output_visible_tokens","cost","reported_cost","session_id","user_id","prompt_name","prompt_version","tool_name","\##
        error_type","tags","attributes","dropped_attributes_count","events","dropped_events_count","links","dropped_links_count"\##
        ,"resource_index","scope_index"],"properties":{"span_id":{"type":"string","description":"16 hexadecimal digits."},"paren\##
        t_span_id":{"type":["string","null"],"description":"Null for a root."},"depth":{"type":"integer","description":"0 for a\##
         root."},"name":{"type":"string","description":"The span's name."},"service":{"type":["string","null"],"description":"`s\##
        ervice.name` of its resource."},"span_kind":{"type":"string","description":"unspecified, internal, server, client, produ\##
        cer, consumer, or a newer number."},"start_time":{"type":"string","description":"When it started. RFC 3339 with nanoseco\##
        nds, UTC.","format":"date-time"},"end_time":{"type":"string","description":"When it ended. RFC 3339 with nanoseconds, UT\##
        C.","format":"date-time"},"start_time_unix_nano":{"type":"string","description":"The same as a number."},"end_time_unix_\##
        nano":{"type":"string","description":"The same as a number."},"duration_ms":{"type":"number","description":"Negative whe\##
        n it ended before it started."},"status":{"type":"string","description":"unset, ok, error, or a newer number."},"status_\##
        message":{"type":["string","null"],"description":"What the sender said of it."},"is_running":{"type":"boolean","descript\##
        ion":"It has not ended yet: a placeholder that its SDK sent when it began."},"trace_state":{"type":["string","null"],"de\##
        scription":"W3C trace state."},"flags":{"type":"integer","description":"W3C trace flags and OTLP's own."},"kind":{"type"\##
        :"string","description":"What it is to an LLM application: span, llm, embedding, tool, agent, ..."},"provider":{"type":[\##
        "string","null"],"description":"Canonical name."},"model":{"type":["string","null"],"description":"The response's model,\##
         else the request's."},"request_model":{"type":["string","null"],"description":"As asked for."},"response_model":{"type"\##
        :["string","null"],"description":"As answered."},"input_attribute":{"type":["string","null"],"description":"Key of the a\##
        ttribute with the input."},"output_attribute":{"type":["string","null"],"description":"Key of the attribute with the out\##
        put."},"input_tokens":{"type":["integer","null"],"description":"Cache reads and writes included."},"output_tokens":{"typ\##
        e":["integer","null"],"description":"Reasoning included."},"cache_read_tokens":{"type":["integer","null"],"description":\##
        "Of the input."},"cache_write_tokens":{"type":["integer","null"],"description":"Of the input."},"reasoning_tokens":{"typ\##
        e":["integer","null"],"description":"Of the output."},"input_uncached_tokens":{"type":["integer","null"],"description":"\##
        Input without what was read from or written to a cache, at least 0."},"output_visible_tokens":{"type":["integer","null"]\##
        ,"description":"Output without reasoning, at least 0."},"cost":{"type":["number","null"],"description":"US dollars by th\##
        e price table."},"reported_cost":{"type":["number","null"],"description":"US dollars as the sender reported them."},"ses\##
        sion_id":{"type":["string","null"],"description":"Conversation."},"user_id":{"type":["string","null"],"description":"End\##
         user."},"prompt_name":{"type":["string","null"],"description":"Prompt template."},"prompt_version":{"type":["string","n\##
        ull"],"description":"Its version."},"tool_name":{"type":["string","null"],"description":"Tool called."},"error_type":{"t\##
        ype":["string","null"],"description":"Class of the error."},"tags":{"type":"array","description":"Tags.","items":{"type"\##
        :"string"}},"attributes":{"type":"object","description":"Attributes by key.","additionalProperties":true},"dropped_attri\##
        butes_count":{"type":"integer","description":"Attributes the sender dropped."},"events":{"type":"array","description":"E\##
        vents in the order they were sent.","items":{"type":"object","additionalProperties":false,"required":["name","time","att\##
        ributes","dropped_attributes_count"],"properties":{"name":{"type":"string","description":"The event's name."},"time":{"t\##
        ype":"string","description":"When. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"attributes":{"type":"object",\##
        "description":"Attributes by key.","additionalProperties":true},"dropped_attributes_count":{"type":"integer","descriptio\##
        n":"Attributes the sender dropped."}}}},"dropped_events_count":{"type":"integer","description":"Events the sender droppe\##
        d."},"links":{"type":"array","description":"Links.","items":{"type":"object","additionalProperties":false,"required":["t\##
        race_id","span_id","trace_state","flags","attributes","dropped_attributes_count"],"properties":{"trace_id":{"type":"stri\##
        ng","description":"The other trace."},"span_id":{"type":"string","description":"The other span."},"trace_state":{"type":\##
        ["string","null"],"description":"W3C trace state."},"flags":{"type":"integer","description":"Flags."},"attributes":{"typ\##
        e":"object","description":"Attributes by key.","additionalProperties":true},"dropped_attributes_count":{"type":"integer"\##
        ,"description":"Attributes the sender dropped."}}}},"dropped_links_count":{"type":"integer","description":"Links the sen\##
        der dropped."},"resource_index":{"type":"integer","description":"Its resource in `resources`."},"scope_index":{"type":"i\##
        nteger","description":"Its scope in `scopes`."}}},"Trace":{"description":"A whole trace.","type":"object","additionalPro\##
        perties":false,"required":["trace_id","span_count","error_count","start_time","end_time","duration_ms","spans","resource\##
        s","scopes"],"properties":{"trace_id":{"type":"string","description":"32 hexadecimal digits."},"span_count":{"type":"int\##
        eger","description":"Spans, repeats left out."},"error_count":{"type":"integer","description":"Spans with the status err\##
        or."},"start_time":{"type":"string","description":"Of the earliest span. RFC 3339 with nanoseconds, UTC.","format":"date\##
        -time"},"end_time":{"type":"string","description":"Of the latest end. RFC 3339 with nanoseconds, UTC.","format":"date-ti\##
        me"},"duration_ms":{"type":"number","description":"Between the two."},"spans":{"type":"array","description":"In tree ord\##
        er: each behind its parent, children by start.","items":{"$ref":"#/components/schemas/Span"}},"resources":{"type":"array\##
        ","description":"What the spans name by index.","items":{"type":"object","additionalProperties":false,"required":["attri\##
        butes","dropped_attributes_count","schema_url"],"properties":{"attributes":{"type":"object","description":"Attributes by\##
         key.","additionalProperties":true},"dropped_attributes_count":{"type":"integer","description":"Attributes the sender dr\##
        opped."},"schema_url":{"type":["string","null"],"description":"Schema of the resource."}}}},"scopes":{"type":"array","de\##
        scription":"What the spans name by index.","items":{"type":"object","additionalProperties":false,"required":["name","ver\##
        sion","attributes","dropped_attributes_count","schema_url"],"properties":{"name":{"type":"string","description":"Instrum\##
        entation scope."},"version":{"type":["string","null"],"description":"Its version."},"attributes":{"type":"object","descr\##
        iption":"Attributes by key.","additionalProperties":true},"dropped_attributes_count":{"type":"integer","description":"At\##
        tributes the sender dropped."},"schema_url":{"type":["string","null"],"description":"Schema of the scope."}}}}}},"Traces\##
        Data":{"description":"OTLP's `TracesData` in JSON.","type":"object","additionalProperties":false,"required":["resourceSp\##
        ans"],"properties":{"resourceSpans":{"type":"array","description":"As OTLP says.","items":{"type":"object"}}}},"TraceRow\##
        ":{"description":"A span as a row of a waterfall.","type":"object","additionalProperties":false,"required":["position","\##
        span_id","parent_span_id","attachment","depth","child_count","descendant_count","is_collapsed","name","service","kind","\##
        model","tool_name","status","is_running","subtree_error_count","start_offset_ns","duration_ns","input_tokens","output_to\##
        kens","total_tokens","cost","accumulated_tokens","accumulated_cost"],"properties":{"position":{"type":"integer","descrip\##
        tion":"Among the rows that show."},"span_id":{"type":"string","description":"16 hexadecimal digits."},"parent_span_id":{\##
        "type":["string","null"],"description":"Null for a root."},"attachment":{"type":"string","description":"`orphan`: it nam\##
        es a parent that the trace does not have; `cycle`: its parents lead back to itself, and the cycle was cut here.","enum":\##
        ["root","child","orphan","cycle"]},"depth":{"type":"integer","description":"0 for what stands at the left."},"child_coun\##
        t":{"type":"integer","description":"Spans right below it."},"descendant_count":{"type":"integer","description":"All span\##
        s below it."},"is_collapsed":{"type":"boolean","description":"Whether they do not show."},"name":{"type":["string","null\##
        "],"description":"Of the span."},"service":{"type":["string","null"],"description":"`service.name` of its resource."},"k\##
        ind":{"type":"string","description":"What it is to an LLM application."},"model":{"type":["string","null"],"description"\##
        :"The response's model, else the request's."},"tool_name":{"type":["string","null"],"description":"Of a tool call."},"st\##
        atus":{"type":"string","description":"`unset`, `ok` or `error`."},"is_running":{"type":"boolean","description":"It has n\##
        ot ended yet: a placeholder that its SDK sent when it began."},"subtree_error_count":{"type":"integer","description":"Sp\##
        ans with errors among it and all below it."},"start_offset_ns":{"type":"integer","description":"Nanoseconds from the sta\##
        rt of the trace."},"duration_ns":{"type":"integer","description":"Nanoseconds; negative where a clock went backwards."},\##
        "input_tokens":{"type":["integer","null"],"description":"Tokens read; null where nobody says."},"output_tokens":{"type":\##
        ["integer","null"],"description":"Tokens written."},"total_tokens":{"type":["integer","null"],"description":"Both."},"co\##
        st":{"type":["number","null"],"description":"US dollars."},"accumulated_tokens":{"type":["integer","null"],"description"\##
        :"What the whole trace had used when this span ended. Agents and chains repeat the calls below them and count only where\##
         nothing else reports."},"accumulated_cost":{"type":["number","null"],"description":"Likewise, US dollars."}}},"TraceWin\##
        dow":{"description":"Some rows of a trace.","type":"object","additionalProperties":false,"required":["trace_id","version\##
        ","start_time","end_time","duration_ns","span_count","error_count","input_tokens","output_tokens","total_tokens","cost",\##
        "first_errors","usage_over_time","row_count","offset","around_position","arrival_position","data"],"properties":{"trace_\##
        id":{"type":"string","description":"32 hexadecimal digits."},"version":{"type":"string","description":"Changes when the\##
         trace has other spans: positions of another version mean other rows."},"start_time":{"type":"string","description":"Of\##
         the earliest span. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"end_time":{"type":"string","description":"Of\##
         the latest end. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"duration_ns":{"type":"integer","description":"N\##
        anoseconds between both."},"span_count":{"type":"integer","description":"Spans, repeats left out."},"error_count":{"type\##
        ":"integer","description":"Of these with the status error."},"input_tokens":{"type":["integer","null"],"description":"To\##
        kens read; null where nobody says."},"output_tokens":{"type":["integer","null"],"description":"Tokens written."},"total_\##
        tokens":{"type":["integer","null"],"description":"Both."},"cost":{"type":["number","null"],"description":"US dollars."},\##
        "first_errors":{"type":"array","description":"The first spans with errors, in the order of rows; 20 at most.","items":{"\##
        type":"object","additionalProperties":false,"required":["span_id","position","is_hidden","name"],"properties":{"span_id"\##
        :{"type":"string","description":"16 hexadecimal digits."},"position":{"type":"integer","description":"Where it shows; of\##
         a hidden span, where the collapsed one above it does."},"is_hidden":{"type":"boolean","description":"Whether it lies be\##
        low a collapsed span."},"name":{"type":["string","null"],"description":"Of the span."}}}},"usage_over_time":{"type":"arr\##
        ay","description":"What the trace had used up to some moments, evenly over its time; empty when nothing is reported.","i\##
        tems":{"type":"object","additionalProperties":false,"required":["offset_ns","input_tokens","output_tokens","total_tokens\##
        ","cost"],"properties":{"offset_ns":{"type":"integer","description":"Nanoseconds from the start of the trace."},"input_t\##
        okens":{"type":["integer","null"],"description":"Tokens read; null where nobody says."},"output_tokens":{"type":["intege\##
        r","null"],"description":"Tokens written."},"total_tokens":{"type":["integer","null"],"description":"Both."},"cost":{"ty\##
        pe":["number","null"],"description":"US dollars."}}}},"row_count":{"type":"integer","description":"Rows that show, of wh\##
        ich this is a window."},"offset":{"type":"integer","description":"Position of the first row here."},"around_position":{"\##
        type":["integer","null"],"description":"Where the span of `around` shows."},"arrival_position":{"type":"integer","descri\##
        ption":"How far what is answered reaches in the order in which spans came in: `arrival_position` of the events of arriva\##
        ls beyond it means that more has come."},"data":{"type":"array","description":"Rows.","items":{"$ref":"#/components/sche\##
        mas/TraceRow"}}}},"TraceMatchList":{"description":"Spans that have a text.","type":"object","additionalProperties":false\##
        ,"required":["trace_id","version","match_count","data"],"properties":{"trace_id":{"type":"string","description":"32 hexa\##
        decimal digits."},"version":{"type":"string","description":"As in a window."},"match_count":{"type":"integer","descripti\##
        on":"Spans that have the text; more than `data` may name."},"data":{"type":"array","description":"The first ones.","item\##
        s":{"type":"object","additionalProperties":false,"required":["span_id","position","is_hidden","field"],"properties":{"sp\##
        an_id":{"type":"string","description":"16 hexadecimal digits."},"position":{"type":"integer","description":"Where it sho\##
        ws; of a hidden span, where the collapsed one above it does."},"is_hidden":{"type":"boolean","description":"Whether it l\##
        ies below a collapsed span."},"field":{"type":"string","description":"The first field that has it: `name`, `status_messa\##
        ge` or `attributes.KEY`; `events.KEY` for an attribute of an event that came as a log record."}}}}}},"SpanDetail":{"desc\##
        ription":"One span with everything that was sent of it.","type":"object","additionalProperties":false,"required":["trace\##
        _id","span_id","parent_span_id","name","service","span_kind","start_time","end_time","start_time_unix_nano","end_time_un\##
        ix_nano","duration_ms","status","status_message","is_running","trace_state","flags","kind","provider","model","request_m\##
        odel","response_model","input_attribute","output_attribute","input_tokens","output_tokens","cache_read_tokens","cache_wr\##
        ite_tokens","reasoning_tokens","input_uncached_tokens","output_visible_tokens","cost","reported_cost","session_id","user\##
        _id","prompt_name","prompt_version","tool_name","error_type","tags","display_name","environment","release","time_to_firs\##
        t_token_ms","level_message","error_message","tool_call_id","tool_parameters","prompt_template","parameters","metadata","\##
        prompt_variables","input_messages","output_messages","omitted_message_count","attributes","dropped_attributes_count","ev\##
        ents","dropped_events_count","links","dropped_links_count","resource","scope","payloads"],"properties":{"trace_id":{"typ\##
        e":"string","description":"32 hexadecimal digits."},"span_id":{"type":"string","description":"16 hexadecimal digits."},"\##
        parent_span_id":{"type":["string","null"],"description":"Null for a root."},"name":{"type":"string","description":"The s\##
        pan's name."},"service":{"type":["string","null"],"description":"`service.name` of its resource."},"span_kind":{"type":"\##
        string","description":"unspecified, internal, server, client, producer, consumer, or a newer number."},"start_time":{"ty\##
        pe":"string","description":"When it started. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"end_time":{"type":"\##
        string","description":"When it ended. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"start_time_unix_nano":{"ty\##
        pe":"string","description":"The same as a number."},"end_time_unix_nano":{"type":"string","description":"The same as a n\##
        umber."},"duration_ms":{"type":"number","description":"Negative when it ended before it started."},"status":{"type":"str\##
        ing","description":"unset, ok, error, or a newer number."},"status_message":{"type":["string","null"],"description":"Wha\##
        t the sender said of it."},"is_running":{"type":"boolean","description":"It has not ended yet: a placeholder that its SD\##
        K sent when it began."},"trace_state":{"type":["string","null"],"description":"W3C trace state."},"flags":{"type":"integ\##
        er","description":"W3C trace flags and OTLP's own."},"kind":{"type":"string","description":"What it is to an LLM applica\##
        tion: span, llm, embedding, tool, agent, ..."},"provider":{"type":["string","null"],"description":"Canonical name."},"mo\##
        del":{"type":["string","null"],"description":"The response's model, else the request's."},"request_model":{"type":["stri\##
        ng","null"],"description":"As asked for."},"response_model":{"type":["string","null"],"description":"As answered."},"inp\##
        ut_attribute":{"type":["string","null"],"description":"Key of the attribute with the input."},"output_attribute":{"type"\##
        :["string","null"],"description":"Key of the attribute with the output."},"input_tokens":{"type":["integer","null"],"des\##
        cription":"Cache reads and writes included."},"output_tokens":{"type":["integer","null"],"description":"Reasoning includ\##
        ed."},"cache_read_tokens":{"type":["integer","null"],"description":"Of the input."},"cache_write_tokens":{"type":["integ\##
        er","null"],"description":"Of the input."},"reasoning_tokens":{"type":["integer","null"],"description":"Of the output."}\##
        ,"input_uncached_tokens":{"type":["integer","null"],"description":"Input without what was read from or written to a cach\##
        e, at least 0."},"output_visible_tokens":{"type":["integer","null"],"description":"Output without reasoning, at least 0.\##
        "},"cost":{"type":["number","null"],"description":"US dollars by the price table."},"reported_cost":{"type":["number","n\##
        ull"],"description":"US dollars as the sender reported them."},"session_id":{"type":["string","null"],"description":"Con\##
        versation."},"user_id":{"type":["string","null"],"description":"End user."},"prompt_name":{"type":["string","null"],"des\##
        cription":"Prompt template."},"prompt_version":{"type":["string","null"],"description":"Its version."},"tool_name":{"typ\##
        e":["string","null"],"description":"Tool called."},"error_type":{"type":["string","null"],"description":"Class of the er\##
        ror."},"tags":{"type":"array","description":"Tags.","items":{"type":"string"}},"display_name":{"type":["string","null"],\##
        "description":"A name for people, where the sender gave one beside the span's."},"environment":{"type":["string","null"]\##
        ,"description":"Deployment environment, of the span or its resource."},"release":{"type":["string","null"],"description"\##
        :"Release of the application."},"time_to_first_token_ms":{"type":["number","null"],"description":"From the call to the f\##
        irst piece of its answer."},"level_message":{"type":["string","null"],"description":"What the sender says of the level i\##
        t gave the span."},"error_message":{"type":["string","null"],"description":"What went wrong, of a span whose status is a\##
        n error: the status' message, else that of its last exception, else of its level."},"tool_call_id":{"type":["string","nu\##
        ll"],"description":"The id by which the model called the tool."},"tool_parameters":{"description":"What the tool can be\##
         called with, as it was sent; null where it is of more than 256 bytes."},"prompt_template":{"type":["string","null"],"de\##
        scription":"The prompt before its variables were filled in; at most 64 KiB."},"parameters":{"type":"object","description\##
        ":"What was asked for beside the prompt, by the names it was sent with; values of at most 256 bytes."},"metadata":{"type\##
        ":"object","description":"Metadata of the span and its trace, whichever convention it was sent in; values of at most 256\##
         bytes."},"prompt_variables":{"type":"object","description":"What the prompt's template was filled in with; values of at\##
         most 256 bytes."},"input_messages":{"type":"array","description":"What was asked, system instructions first; empty when\##
         the span tells none.","items":{"$ref":"#/components/schemas/SpanMessage"}},"output_messages":{"type":"array","descripti\##
        on":"What was answered.","items":{"$ref":"#/components/schemas/SpanMessage"}},"omitted_message_count":{"type":"integer",\##
        "description":"Messages behind the last ones here."},"attributes":{"type":"object","description":"Attributes by key.","a\##
        dditionalProperties":true},"dropped_attributes_count":{"type":"integer","description":"Attributes the sender dropped."},\##
        "events":{"type":"array","description":"Events in the order they were sent.","items":{"type":"object","additionalPropert\##
        ies":false,"required":["name","time","attributes","dropped_attributes_count"],"properties":{"name":{"type":"string","des\##
        cription":"The event's name."},"time":{"type":"string","description":"When. RFC 3339 with nanoseconds, UTC.","format":"d\##
        ate-time"},"attributes":{"type":"object","description":"Attributes by key.","additionalProperties":true},"dropped_attrib\##
        utes_count":{"type":"integer","description":"Attributes the sender dropped."}}}},"dropped_events_count":{"type":"integer\##
        ","description":"Events the sender dropped."},"links":{"type":"array","description":"Links.","items":{"type":"object","a\##
        dditionalProperties":false,"required":["trace_id","span_id","trace_state","flags","attributes","dropped_attributes_count\##
        "],"properties":{"trace_id":{"type":"string","description":"The other trace."},"span_id":{"type":"string","description":\##
        "The other span."},"trace_state":{"type":["string","null"],"description":"W3C trace state."},"flags":{"type":"integer","\##
        description":"Flags."},"attributes":{"type":"object","description":"Attributes by key.","additionalProperties":true},"dr\##
        opped_attributes_count":{"type":"integer","description":"Attributes the sender dropped."}}}},"dropped_links_count":{"typ\##
        e":"integer","description":"Links the sender dropped."},"resource":{"description":"What sent it.","type":"object","addit\##
        ionalProperties":false,"required":["attributes","dropped_attributes_count","schema_url"],"properties":{"attributes":{"ty\##
        pe":"object","description":"Attributes by key.","additionalProperties":true},"dropped_attributes_count":{"type":"integer\##
        ","description":"Attributes the sender dropped."},"schema_url":{"type":["string","null"],"description":"Of its attribute\##
        s."}}},"scope":{"description":"What made it.","type":"object","additionalProperties":false,"required":["name","version",\##
        "attributes","dropped_attributes_count","schema_url"],"properties":{"name":{"type":"string","description":"Of the instru\##
        mentation."},"version":{"type":["string","null"],"description":"Of the instrumentation."},"attributes":{"type":"object",\##
        "description":"Attributes by key.","additionalProperties":true},"dropped_attributes_count":{"type":"integer","descriptio\##
        n":"Attributes the sender dropped."},"schema_url":{"type":["string","null"],"description":"Of its attributes."}}},"paylo\##
        ads":{"type":"array","description":"Values that are left out above.","items":{"type":"object","additionalProperties":fal\##
        se,"required":["name","media_type","byte_count","preview"],"properties":{"name":{"type":"string","description":"To fetch\##
         it by."},"media_type":{"type":"string","description":"What its bytes are."},"byte_count":{"type":"integer","description\##
        ":"How many."},"preview":{"type":"string","description":"Its beginning; empty for bytes."}}}}}},"SpanExplanation":{"desc\##
        ription":"Why the fields of a span are what they are.","type":"object","additionalProperties":false,"required":["trace_i\##
        d","span_id","mapping_version","fields","worked_out","cost","repeats","repeated_by","is_running"],"properties":{"trace_i\##
        d":{"type":"string","description":"32 hexadecimal digits."},"span_id":{"type":"string","description":"16 hexadecimal dig\##
        its."},"mapping_version":{"type":"integer","description":"Of the mapping of today."},"fields":{"type":"array","descripti\##
        on":"Every field but the cost.","items":{"description":"A field and where it comes from.","type":"object","additionalPro\##
        perties":false,"required":["field","value","current_value","sources","position","sent","added","reason"],"properties":{"\##
        field":{"type":"string","description":"Its name in queries."},"value":{"description":"As stored. For input and output, t\##
        he key of the attribute."},"current_value":{"description":"What the mapping of today makes of the attributes."},"sources\##
        ":{"type":"array","description":"The attribute that filled it; of a sum, all. Empty where none did.","items":{"descripti\##
        on":"An attribute that filled a field.","type":"object","additionalProperties":false,"required":["attribute","rule","rea\##
        d_as","convention"],"properties":{"attribute":{"type":["string","null"],"description":"Its key; null where the rule is o\##
        f the span's name or an event."},"rule":{"type":"string","description":"As docs/mapping.md names it."},"read_as":{"type"\##
        :"string","description":"How its value was read."},"convention":{"type":"string","description":"Whose convention it is."\##
        }}}},"position":{"type":["integer","null"],"description":"Of the rule among those of the field, from 1; those before it\##
         had no attribute with a usable value."},"sent":{"type":["integer","null"],"description":"Of a token total that was adde\##
        d to: as it was sent."},"added":{"type":["integer","null"],"description":"What was added to it."},"reason":{"type":["str\##
        ing","null"],"description":"Why it was added to, or why there is no value."}}}},"worked_out":{"type":"array","descriptio\##
        n":"Fields that are no columns, but worked out whenever the span is read.","items":{"description":"A field and what it i\##
        s made of.","type":"object","additionalProperties":false,"required":["field","value","sources","rule"],"properties":{"fi\##
        eld":{"type":"string","description":"Its name in the span's answer."},"value":{"description":"Null where there is none,\##
         or where it is of more than 4 KiB. Of an object, the members of at most 256 bytes."},"sources":{"type":"array","descrip\##
        tion":"The attributes and fields it is made of; an attribute of the resource or of an event says so before its key.","it\##
        ems":{"type":"string"}},"rule":{"type":["string","null"],"description":"How it is made of them; null where it is the fir\##
        st of them, or all their members."}}}},"cost":{"description":"How the cost came about.","type":"object","additionalPrope\##
        rties":false,"required":["value","current_value","reported","price_version","model","service_tier","tiers","price","item\##
        s","reason"],"properties":{"value":{"type":["number","null"],"description":"US dollars, as stored."},"current_value":{"t\##
        ype":["number","null"],"description":"US dollars, by the prices of today."},"reported":{"type":["number","null"],"descri\##
        ption":"US dollars, as the provider or gateway said. Where it is there, totals of traces, sessions and users count it in\##
        stead of `value`."},"price_version":{"type":"integer","description":"Of the price table."},"model":{"type":["string","nu\##
        ll"],"description":"The name that a price was found for: the response's model, else the request's."},"service_tier":{"ty\##
        pe":"string","enum":["standard","batch","flex","priority"],"description":"How the provider served the call, as far as it\##
         was sent."},"tiers":{"type":"array","description":"Of the price: the tiers that come before its plain rates for this ca\##
        ll, best first.","items":{"$ref":"#/components/schemas/PriceTier"}},"price":{"anyOf":[{"$ref":"#/components/schemas/Pric\##
        e"},{"type":"null"}],"description":"The price that counts."},"items":{"type":"array","description":"What the cost is the\##
         sum of.","items":{"description":"Tokens that are paid alike.","type":"object","additionalProperties":false,"required":[\##
        "kind","tokens","per_million","is_fallback","amount"],"properties":{"kind":{"type":"string","enum":["input","cache_read"\##
        ,"cache_write","cache_write_1h","audio_input","audio_cache_read","image_input","image_cache_read","output","reasoning","\##
        audio_output","image_output"],"description":"Input and output without what is paid apart; with audio or image, only the\##
         tokens of that."},"tokens":{"type":"integer","description":"How many."},"per_million":{"type":"number","description":"U\##
        S dollars per million."},"is_fallback":{"type":"boolean","description":"Whether the price has no rate of its own for thi\##
        s, and that of what it is a part of counts."},"amount":{"type":"number","description":"US dollars."}}}},"reason":{"type"\##
        :["string","null"],"description":"Why there is no cost, or another one today."}}},"repeats":{"description":"The span tha\##
        t counts in this one's place, where both report one call of a model; null where this one counts.","anyOf":[{"type":"obje\##
        ct","additionalProperties":false,"required":["span_id","name"],"properties":{"span_id":{"type":"string","description":"1\##
        6 hexadecimal digits."},"name":{"type":["string","null"],"description":"The span's name."}}},{"type":"null"}]},"repeated\##
        _by":{"type":"array","description":"Spans around this one that report the same call and do not count: the first 20.","it\##
        ems":{"type":"object","additionalProperties":false,"required":["span_id","name"],"properties":{"span_id":{"type":"string\##
        ","description":"16 hexadecimal digits."},"name":{"type":["string","null"],"description":"The span's name."}}}},"is_runn\##
        ing":{"type":"boolean","description":"It has not ended yet: a placeholder that its SDK sent when it began."}}},"SpanMess\##
        age":{"description":"A message of a span's input or output.","type":"object","additionalProperties":false,"required":["r\##
        ole","finish_reason","parts"],"properties":{"role":{"type":"string","description":"`system`, `developer`, `user`, `assis\##
        tant`, `tool`, or what the instrumentation wrote."},"finish_reason":{"type":["string","null"],"description":"Why the mod\##
        el stopped."},"parts":{"type":"array","description":"In their order.","items":{"type":"object","additionalProperties":fa\##
        lse,"required":["type","tool_call_id","tool_name","text","value","payload"],"properties":{"type":{"type":"string","descr\##
        iption":"What it is.","enum":["text","reasoning","tool_call","tool_result","media","other"]},"tool_call_id":{"type":["st\##
        ring","null"],"description":"Joins a result to its call."},"tool_name":{"type":["string","null"],"description":"Of the t\##
        ool."},"text":{"type":["string","null"],"description":"Of `text` and `reasoning`."},"value":{"description":"Arguments of\##
         a `tool_call`, the result of a `tool_result`; `media` and `other` as they were written."},"payload":{"type":["string","\##
        null"],"description":"Where its content is too long to stand here: the name to fetch it by."}}}}}},"TraceHistogram":{"ty\##
        pe":"object","additionalProperties":false,"required":["bucket_ms","trace_count","error_trace_count","data"],"properties"\##
        :{"bucket_ms":{"type":"integer","description":"Milliseconds of a bar."},"trace_count":{"type":"integer","description":"T\##
        races in all of them."},"error_trace_count":{"type":"integer","description":"Of these with an error in a matching span."\##
        },"data":{"type":"array","description":"Every bar of the range, also empty ones: from `from`, else from the first trace,\##
         to `to`, else to the last.","items":{"type":"object","additionalProperties":false,"required":["bucket","trace_count","e\##
        rror_trace_count"],"properties":{"bucket":{"type":"string","description":"Where it begins. RFC 3339 with nanoseconds, UT\##
        C.","format":"date-time"},"trace_count":{"type":"integer","description":"Traces."},"error_trace_count":{"type":"integer"\##
        ,"description":"Of these with an error in a matching span."}}}}}}
        """##
}
