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
        omponents/responses/Unavailable"}}}},"/api/v1/traces/histogram":{"get":{"tags":["Traces"],"operationId":"getTraceHistogr\##
        am","summary":"Count traces over time","description":"How many traces the filter lists, in steps of time. A trace counts\##
         once, where its earliest matching span starts, so the bars add up to the number of traces. Needs the scope `read`.","x-\##
        permission":"traces.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"filter","in":"query","requir\##
        ed":false,"description":"The filter as JSON, or in brackets: `filter[duration_ms][_gt]=100`.","schema":{"type":"string"}\##
        },{"name":"from","in":"query","required":false,"description":"Spans that start at this time or later.","schema":{"type":\##
        "string"}},{"name":"to","in":"query","required":false,"description":"Spans that start before this time.","schema":{"type\##
        ":"string"}},{"name":"bucket","in":"query","required":false,"description":"A step such as `30s`, `5m`, `1h`, `1d`, count\##
        ed in UTC; chosen to fit 120 bars when it is missing. At most 1000 bars.","schema":{"type":"string"}}],"responses":{"200\##
        ":{"description":"The bars.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/TraceHistogram"}}}},"\##
        400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"\##
        #/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"$ref":"#/components/response\##
        s/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{\##
        "$ref":"#/components/responses/Unavailable"}}}},"/api/v1/traces/export":{"get":{"tags":["Traces"],"operationId":"exportT\##
        raceList","summary":"Export a list of traces","description":"What the list shows, as a file, page by page as it is read\##
         from one snapshot. Texts of CSV that a spreadsheet would run as a formula have an apostrophe in front. Needs the scope\##
         `read`.","x-permission":"traces.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"filter","in":"q\##
        uery","required":false,"description":"The filter as JSON, or in brackets: `filter[duration_ms][_gt]=100`.","schema":{"ty\##
        pe":"string"}},{"name":"from","in":"query","required":false,"description":"Spans that start at this time or later.","sch\##
        ema":{"type":"string"}},{"name":"to","in":"query","required":false,"description":"Spans that start before this time.","s\##
        chema":{"type":"string"}},{"name":"sort","in":"query","required":false,"description":"What to sort by; a minus before it\##
         means descending.","schema":{"type":"string","enum":["start_time","-start_time","duration_ms","-duration_ms","span_coun\##
        t","-span_count","error_count","-error_count","total_tokens","-total_tokens","cost","-cost"],"default":"-start_time"}},{\##
        "name":"fields","in":"query","required":false,"description":"Columns, with commas between them, in this order; all when\##
         it is missing.","schema":{"type":"string"}},{"name":"format","in":"query","required":false,"description":"JSON (one lis\##
        t), JSON Lines, or CSV with a header.","schema":{"type":"string","enum":["json","jsonl","csv"],"default":"json"}},{"name\##
        ":"limit","in":"query","required":false,"description":"How many traces at most.","schema":{"type":"integer","minimum":1,\##
        "maximum":100000,"default":100000}}],"responses":{"200":{"description":"The file.","content":{"application/json":{"schem\##
        a":{"type":"array","description":"Traces.","items":{"$ref":"#/components/schemas/TraceSummary"}}},"application/jsonl":{"\##
        schema":{"type":"string"}},"text/csv":{"schema":{"type":"string"}}},"headers":{"Content-Disposition":{"description":"The\##
         file's name.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/componen\##
        ts/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/N\##
        otFound"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"\##
        $ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
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
        "trace_state","flags","kind","provider","model","request_model","response_model","input_attribute","output_attribute","i\##
        nput_tokens","output_tokens","cache_read_tokens","cache_write_tokens","reasoning_tokens","cost","reported_cost","session\##
        _id","user_id","prompt_name","prompt_version","tool_name","error_type","tags","attributes","dropped_attributes_count","e\##
        vents","dropped_events_count","links","dropped_links_count","resource_index","scope_index"],"properties":{"span_id":{"ty\##
        pe":"string","description":"16 hexadecimal digits."},"parent_span_id":{"type":["string","null"],"description":"Null for\##
         a root."},"depth":{"type":"integer","description":"0 for a root."},"name":{"type":"string","description":"The span's na\##
        me."},"service":{"type":["string","null"],"description":"`service.name` of its resource."},"span_kind":{"type":"string",\##
        "description":"unspecified, internal, server, client, producer, consumer, or a newer number."},"start_time":{"type":"str\##
        ing","description":"When it started. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"end_time":{"type":"string",\##
        "description":"When it ended. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"start_time_unix_nano":{"type":"str\##
        ing","description":"The same as a number."},"end_time_unix_nano":{"type":"string","description":"The same as a number."}\##
        ,"duration_ms":{"type":"number","description":"Negative when it ended before it started."},"status":{"type":"string","de\##
        scription":"unset, ok, error, or a newer number."},"status_message":{"type":["string","null"],"description":"What the se\##
        nder said of it."},"trace_state":{"type":["string","null"],"description":"W3C trace state."},"flags":{"type":"integer","\##
        description":"W3C trace flags and OTLP's own."},"kind":{"type":"string","description":"What it is to an LLM application:\##
         span, llm, embedding, tool, agent, ..."},"provider":{"type":["string","null"],"description":"Canonical name."},"model":\##
        {"type":["string","null"],"description":"The response's model, else the request's."},"request_model":{"type":["string","\##
        null"],"description":"As asked for."},"response_model":{"type":["string","null"],"description":"As answered."},"input_at\##
        tribute":{"type":["string","null"],"description":"Key of the attribute with the input."},"output_attribute":{"type":["st\##
        ring","null"],"description":"Key of the attribute with the output."},"input_tokens":{"type":["integer","null"],"descript\##
        ion":"Cache reads and writes included."},"output_tokens":{"type":["integer","null"],"description":"Reasoning included."}\##
        ,"cache_read_tokens":{"type":["integer","null"],"description":"Of the input."},"cache_write_tokens":{"type":["integer","\##
        null"],"description":"Of the input."},"reasoning_tokens":{"type":["integer","null"],"description":"Of the output."},"cos\##
        t":{"type":["number","null"],"description":"US dollars by the price table."},"reported_cost":{"type":["number","null"],"\##
        description":"US dollars as the sender reported them."},"session_id":{"type":["string","null"],"description":"Conversati\##
        on."},"user_id":{"type":["string","null"],"description":"End user."},"prompt_name":{"type":["string","null"],"descriptio\##
        n":"Prompt template."},"prompt_version":{"type":["string","null"],"description":"Its version."},"tool_name":{"type":["st\##
        ring","null"],"description":"Tool called."},"error_type":{"type":["string","null"],"description":"Class of the error."},\##
        "tags":{"type":"array","description":"Tags.","items":{"type":"string"}},"attributes":{"type":"object","description":"Att\##
        ributes by key.","additionalProperties":true},"dropped_attributes_count":{"type":"integer","description":"Attributes the\##
         sender dropped."},"events":{"type":"array","description":"Events in the order they were sent.","items":{"type":"object"\##
        ,"additionalProperties":false,"required":["name","time","attributes","dropped_attributes_count"],"properties":{"name":{"\##
        type":"string","description":"The event's name."},"time":{"type":"string","description":"When. RFC 3339 with nanoseconds\##
        , UTC.","format":"date-time"},"attributes":{"type":"object","description":"Attributes by key.","additionalProperties":tr\##
        ue},"dropped_attributes_count":{"type":"integer","description":"Attributes the sender dropped."}}}},"dropped_events_coun\##
        t":{"type":"integer","description":"Events the sender dropped."},"links":{"type":"array","description":"Links.","items":\##
        {"type":"object","additionalProperties":false,"required":["trace_id","span_id","trace_state","flags","attributes","dropp\##
        ed_attributes_count"],"properties":{"trace_id":{"type":"string","description":"The other trace."},"span_id":{"type":"str\##
        ing","description":"The other span."},"trace_state":{"type":["string","null"],"description":"W3C trace state."},"flags":\##
        {"type":"integer","description":"Flags."},"attributes":{"type":"object","description":"Attributes by key.","additionalPr\##
        operties":true},"dropped_attributes_count":{"type":"integer","description":"Attributes the sender dropped."}}}},"dropped\##
        _links_count":{"type":"integer","description":"Links the sender dropped."},"resource_index":{"type":"integer","descripti\##
        on":"Its resource in `resources`."},"scope_index":{"type":"integer","description":"Its scope in `scopes`."}}},"Trace":{"\##
        description":"A whole trace.","type":"object","additionalProperties":false,"required":["trace_id","span_count","error_co\##
        unt","start_time","end_time","duration_ms","spans","resources","scopes"],"properties":{"trace_id":{"type":"string","desc\##
        ription":"32 hexadecimal digits."},"span_count":{"type":"integer","description":"Spans, repeats left out."},"error_count\##
        ":{"type":"integer","description":"Spans with the status error."},"start_time":{"type":"string","description":"Of the ea\##
        rliest span. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"end_time":{"type":"string","description":"Of the la\##
        test end. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"duration_ms":{"type":"number","description":"Between t\##
        he two."},"spans":{"type":"array","description":"In tree order: each behind its parent, children by start.","items":{"$r\##
        ef":"#/components/schemas/Span"}},"resources":{"type":"array","description":"What the spans name by index.","items":{"ty\##
        pe":"object","additionalProperties":false,"required":["attributes","dropped_attributes_count","schema_url"],"properties"\##
        :{"attributes":{"type":"object","description":"Attributes by key.","additionalProperties":true},"dropped_attributes_coun\##
        t":{"type":"integer","description":"Attributes the sender dropped."},"schema_url":{"type":["string","null"],"description\##
        ":"Schema of the resource."}}}},"scopes":{"type":"array","description":"What the spans name by index.","items":{"type":"\##
        object","additionalProperties":false,"required":["name","version","attributes","dropped_attributes_count","schema_url"],\##
        "properties":{"name":{"type":"string","description":"Instrumentation scope."},"version":{"type":["string","null"],"descr\##
        iption":"Its version."},"attributes":{"type":"object","description":"Attributes by key.","additionalProperties":true},"d\##
        ropped_attributes_count":{"type":"integer","description":"Attributes the sender dropped."},"schema_url":{"type":["string\##
        ","null"],"description":"Schema of the scope."}}}}}},"TracesData":{"description":"OTLP's `TracesData` in JSON.","type":"\##
        object","additionalProperties":false,"required":["resourceSpans"],"properties":{"resourceSpans":{"type":"array","descrip\##
        tion":"As OTLP says.","items":{"type":"object"}}}},"TraceRow":{"description":"A span as a row of a waterfall.","type":"o\##
        bject","additionalProperties":false,"required":["position","span_id","parent_span_id","attachment","depth","child_count"\##
        ,"descendant_count","is_collapsed","name","service","kind","model","tool_name","status","subtree_error_count","start_off\##
        set_ns","duration_ns","input_tokens","output_tokens","total_tokens","cost","accumulated_tokens","accumulated_cost"],"pro\##
        perties":{"position":{"type":"integer","description":"Among the rows that show."},"span_id":{"type":"string","descriptio\##
        n":"16 hexadecimal digits."},"parent_span_id":{"type":["string","null"],"description":"Null for a root."},"attachment":{\##
        "type":"string","description":"`orphan`: it names a parent that the trace does not have; `cycle`: its parents lead back\##
         to itself, and the cycle was cut here.","enum":["root","child","orphan","cycle"]},"depth":{"type":"integer","descriptio\##
        n":"0 for what stands at the left."},"child_count":{"type":"integer","description":"Spans right below it."},"descendant_\##
        count":{"type":"integer","description":"All spans below it."},"is_collapsed":{"type":"boolean","description":"Whether th\##
        ey do not show."},"name":{"type":["string","null"],"description":"Of the span."},"service":{"type":["string","null"],"de\##
        scription":"`service.name` of its resource."},"kind":{"type":"string","description":"What it is to an LLM application."}\##
        ,"model":{"type":["string","null"],"description":"The response's model, else the request's."},"tool_name":{"type":["stri\##
        ng","null"],"description":"Of a tool call."},"status":{"type":"string","description":"`unset`, `ok` or `error`."},"subtr\##
        ee_error_count":{"type":"integer","description":"Spans with errors among it and all below it."},"start_offset_ns":{"type\##
        ":"integer","description":"Nanoseconds from the start of the trace."},"duration_ns":{"type":"integer","description":"Nan\##
        oseconds; negative where a clock went backwards."},"input_tokens":{"type":["integer","null"],"description":"Tokens read;\##
         null where nobody says."},"output_tokens":{"type":["integer","null"],"description":"Tokens written."},"total_tokens":{"\##
        type":["integer","null"],"description":"Both."},"cost":{"type":["number","null"],"description":"US dollars."},"accumulat\##
        ed_tokens":{"type":["integer","null"],"description":"What the whole trace had used when this span ended. Agents and chai\##
        ns repeat the calls below them and count only where nothing else reports."},"accumulated_cost":{"type":["number","null"]\##
        ,"description":"Likewise, US dollars."}}},"TraceWindow":{"description":"Some rows of a trace.","type":"object","addition\##
        alProperties":false,"required":["trace_id","version","start_time","end_time","duration_ns","span_count","error_count","i\##
        nput_tokens","output_tokens","total_tokens","cost","first_errors","usage_over_time","row_count","offset","around_positio\##
        n","arrival_position","data"],"properties":{"trace_id":{"type":"string","description":"32 hexadecimal digits."},"version\##
        ":{"type":"string","description":"Changes when the trace has other spans: positions of another version mean other rows."\##
        },"start_time":{"type":"string","description":"Of the earliest span. RFC 3339 with nanoseconds, UTC.","format":"date-tim\##
        e"},"end_time":{"type":"string","description":"Of the latest end. RFC 3339 with nanoseconds, UTC.","format":"date-time"}\##
        ,"duration_ns":{"type":"integer","description":"Nanoseconds between both."},"span_count":{"type":"integer","description"\##
        :"Spans, repeats left out."},"error_count":{"type":"integer","description":"Of these with the status error."},"input_tok\##
        ens":{"type":["integer","null"],"description":"Tokens read; null where nobody says."},"output_tokens":{"type":["integer"\##
        ,"null"],"description":"Tokens written."},"total_tokens":{"type":["integer","null"],"description":"Both."},"cost":{"type\##
        ":["number","null"],"description":"US dollars."},"first_errors":{"type":"array","description":"The first spans with erro\##
        rs, in the order of rows; 20 at most.","items":{"type":"object","additionalProperties":false,"required":["span_id","posi\##
        tion","is_hidden","name"],"properties":{"span_id":{"type":"string","description":"16 hexadecimal digits."},"position":{"\##
        type":"integer","description":"Where it shows; of a hidden span, where the collapsed one above it does."},"is_hidden":{"\##
        type":"boolean","description":"Whether it lies below a collapsed span."},"name":{"type":["string","null"],"description":\##
        "Of the span."}}}},"usage_over_time":{"type":"array","description":"What the trace had used up to some moments, evenly o\##
        ver its time; empty when nothing is reported.","items":{"type":"object","additionalProperties":false,"required":["offset\##
        _ns","input_tokens","output_tokens","total_tokens","cost"],"properties":{"offset_ns":{"type":"integer","description":"Na\##
        noseconds from the start of the trace."},"input_tokens":{"type":["integer","null"],"description":"Tokens read; null wher\##
        e nobody says."},"output_tokens":{"type":["integer","null"],"description":"Tokens written."},"total_tokens":{"type":["in\##
        teger","null"],"description":"Both."},"cost":{"type":["number","null"],"description":"US dollars."}}}},"row_count":{"typ\##
        e":"integer","description":"Rows that show, of which this is a window."},"offset":{"type":"integer","description":"Posit\##
        ion of the first row here."},"around_position":{"type":["integer","null"],"description":"Where the span of `around` show\##
        s."},"arrival_position":{"type":"integer","description":"How far what is answered reaches in the order in which spans ca\##
        me in: `arrival_position` of the events of arrivals beyond it means that more has come."},"data":{"type":"array","descri\##
        ption":"Rows.","items":{"$ref":"#/components/schemas/TraceRow"}}}},"TraceMatchList":{"description":"Spans that have a te\##
        xt.","type":"object","additionalProperties":false,"required":["trace_id","version","match_count","data"],"properties":{"\##
        trace_id":{"type":"string","description":"32 hexadecimal digits."},"version":{"type":"string","description":"As in a win\##
        dow."},"match_count":{"type":"integer","description":"Spans that have the text; more than `data` may name."},"data":{"ty\##
        pe":"array","description":"The first ones.","items":{"type":"object","additionalProperties":false,"required":["span_id",\##
        "position","is_hidden","field"],"properties":{"span_id":{"type":"string","description":"16 hexadecimal digits."},"positi\##
        on":{"type":"integer","description":"Where it shows; of a hidden span, where the collapsed one above it does."},"is_hidd\##
        en":{"type":"boolean","description":"Whether it lies below a collapsed span."},"field":{"type":"string","description":"T\##
        he first field that has it: `name`, `status_message` or `attributes.KEY`."}}}}}},"SpanDetail":{"description":"One span w\##
        ith everything that was sent of it.","type":"object","additionalProperties":false,"required":["trace_id","span_id","pare\##
        nt_span_id","name","service","span_kind","start_time","end_time","start_time_unix_nano","end_time_unix_nano","duration_m\##
        s","status","status_message","trace_state","flags","kind","provider","model","request_model","response_model","input_att\##
        ribute","output_attribute","input_tokens","output_tokens","cache_read_tokens","cache_write_tokens","reasoning_tokens","c\##
        ost","reported_cost","session_id","user_id","prompt_name","prompt_version","tool_name","error_type","tags","input_messag\##
        es","output_messages","omitted_message_count","attributes","dropped_attributes_count","events","dropped_events_count","l\##
        inks","dropped_links_count","resource","scope","payloads"],"properties":{"trace_id":{"type":"string","description":"32 h\##
        exadecimal digits."},"span_id":{"type":"string","description":"16 hexadecimal digits."},"parent_span_id":{"type":["strin\##
        g","null"],"description":"Null for a root."},"name":{"type":"string","description":"The span's name."},"service":{"type"\##
        :["string","null"],"description":"`service.name` of its resource."},"span_kind":{"type":"string","description":"unspecif\##
        ied, internal, server, client, producer, consumer, or a newer number."},"start_time":{"type":"string","description":"Whe\##
        n it started. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"end_time":{"type":"string","description":"When it\##
         ended. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"start_time_unix_nano":{"type":"string","description":"Th\##
        e same as a number."},"end_time_unix_nano":{"type":"string","description":"The same as a number."},"duration_ms":{"type"\##
        :"number","description":"Negative when it ended before it started."},"status":{"type":"string","description":"unset, ok,\##
         error, or a newer number."},"status_message":{"type":["string","null"],"description":"What the sender said of it."},"tr\##
        ace_state":{"type":["string","null"],"description":"W3C trace state."},"flags":{"type":"integer","description":"W3C trac\##
        e flags and OTLP's own."},"kind":{"type":"string","description":"What it is to an LLM application: span, llm, embedding,\##
         tool, agent, ..."},"provider":{"type":["string","null"],"description":"Canonical name."},"model":{"type":["string","nul\##
        l"],"description":"The response's model, else the request's."},"request_model":{"type":["string","null"],"description":"\##
        As asked for."},"response_model":{"type":["string","null"],"description":"As answered."},"input_attribute":{"type":["str\##
        ing","null"],"description":"Key of the attribute with the input."},"output_attribute":{"type":["string","null"],"descrip\##
        tion":"Key of the attribute with the output."},"input_tokens":{"type":["integer","null"],"description":"Cache reads and\##
         writes included."},"output_tokens":{"type":["integer","null"],"description":"Reasoning included."},"cache_read_tokens":\##
        {"type":["integer","null"],"description":"Of the input."},"cache_write_tokens":{"type":["integer","null"],"description":\##
        "Of the input."},"reasoning_tokens":{"type":["integer","null"],"description":"Of the output."},"cost":{"type":["number",\##
        "null"],"description":"US dollars by the price table."},"reported_cost":{"type":["number","null"],"description":"US doll\##
        ars as the sender reported them."},"session_id":{"type":["string","null"],"description":"Conversation."},"user_id":{"typ\##
        e":["string","null"],"description":"End user."},"prompt_name":{"type":["string","null"],"description":"Prompt template."\##
        },"prompt_version":{"type":["string","null"],"description":"Its version."},"tool_name":{"type":["string","null"],"descri\##
        ption":"Tool called."},"error_type":{"type":["string","null"],"description":"Class of the error."},"tags":{"type":"array\##
        ","description":"Tags.","items":{"type":"string"}},"input_messages":{"type":"array","description":"What was asked, syste\##
        m instructions first; empty when the span tells none.","items":{"$ref":"#/components/schemas/SpanMessage"}},"output_mess\##
        ages":{"type":"array","description":"What was answered.","items":{"$ref":"#/components/schemas/SpanMessage"}},"omitted_m\##
        essage_count":{"type":"integer","description":"Messages behind the last ones here."},"attributes":{"type":"object","desc\##
        ription":"Attributes by key.","additionalProperties":true},"dropped_attributes_count":{"type":"integer","description":"A\##
        ttributes the sender dropped."},"events":{"type":"array","description":"Events in the order they were sent.","items":{"t\##
        ype":"object","additionalProperties":false,"required":["name","time","attributes","dropped_attributes_count"],"propertie\##
        s":{"name":{"type":"string","description":"The event's name."},"time":{"type":"string","description":"When. RFC 3339 wit\##
        h nanoseconds, UTC.","format":"date-time"},"attributes":{"type":"object","description":"Attributes by key.","additionalP\##
        roperties":true},"dropped_attributes_count":{"type":"integer","description":"Attributes the sender dropped."}}}},"droppe\##
        d_events_count":{"type":"integer","description":"Events the sender dropped."},"links":{"type":"array","description":"Lin\##
        ks.","items":{"type":"object","additionalProperties":false,"required":["trace_id","span_id","trace_state","flags","attri\##
        butes","dropped_attributes_count"],"properties":{"trace_id":{"type":"string","description":"The other trace."},"span_id"\##
        :{"type":"string","description":"The other span."},"trace_state":{"type":["string","null"],"description":"W3C trace stat\##
        e."},"flags":{"type":"integer","description":"Flags."},"attributes":{"type":"object","description":"Attributes by key.",\##
        "additionalProperties":true},"dropped_attributes_count":{"type":"integer","description":"Attributes the sender dropped."\##
        }}}},"dropped_links_count":{"type":"integer","description":"Links the sender dropped."},"resource":{"description":"What\##
         sent it.","type":"object","additionalProperties":false,"required":["attributes","dropped_attributes_count","schema_url"\##
        ],"properties":{"attributes":{"type":"object","description":"Attributes by key.","additionalProperties":true},"dropped_a\##
        ttributes_count":{"type":"integer","description":"Attributes the sender dropped."},"schema_url":{"type":["string","null"\##
        ],"description":"Of its attributes."}}},"scope":{"description":"What made it.","type":"object","additionalProperties":fa\##
        lse,"required":["name","version","attributes","dropped_attributes_count","schema_url"],"properties":{"name":{"type":"str\##
        ing","description":"Of the instrumentation."},"version":{"type":["string","null"],"description":"Of the instrumentation.\##
        "},"attributes":{"type":"object","description":"Attributes by key.","additionalProperties":true},"dropped_attributes_cou\##
        nt":{"type":"integer","description":"Attributes the sender dropped."},"schema_url":{"type":["string","null"],"descriptio\##
        n":"Of its attributes."}}},"payloads":{"type":"array","description":"Values that are left out above.","items":{"type":"o\##
        bject","additionalProperties":false,"required":["name","media_type","byte_count","preview"],"properties":{"name":{"type"\##
        :"string","description":"To fetch it by."},"media_type":{"type":"string","description":"What its bytes are."},"byte_coun\##
        t":{"type":"integer","description":"How many."},"preview":{"type":"string","description":"Its beginning; empty for bytes\##
        ."}}}}}},"SpanMessage":{"description":"A message of a span's input or output.","type":"object","additionalProperties":fa\##
        lse,"required":["role","finish_reason","parts"],"properties":{"role":{"type":"string","description":"`system`, `develope\##
        r`, `user`, `assistant`, `tool`, or what the instrumentation wrote."},"finish_reason":{"type":["string","null"],"descrip\##
        tion":"Why the model stopped."},"parts":{"type":"array","description":"In their order.","items":{"type":"object","additi\##
        onalProperties":false,"required":["type","tool_call_id","tool_name","text","value","payload"],"properties":{"type":{"typ\##
        e":"string","description":"What it is.","enum":["text","reasoning","tool_call","tool_result","media","other"]},"tool_cal\##
        l_id":{"type":["string","null"],"description":"Joins a result to its call."},"tool_name":{"type":["string","null"],"desc\##
        ription":"Of the tool."},"text":{"type":["string","null"],"description":"Of `text` and `reasoning`."},"value":{"descript\##
        ion":"Arguments of a `tool_call`, the result of a `tool_result`; `media` and `other` as they were written."},"payload":{\##
        "type":["string","null"],"description":"Where its content is too long to stand here: the name to fetch it by."}}}}}},"Tr\##
        aceHistogram":{"type":"object","additionalProperties":false,"required":["bucket_ms","trace_count","error_trace_count","d\##
        ata"],"properties":{"bucket_ms":{"type":"integer","description":"Milliseconds of a bar."},"trace_count":{"type":"integer\##
        ","description":"Traces in all of them."},"error_trace_count":{"type":"integer","description":"Of these with an error in\##
         a matching span."},"data":{"type":"array","description":"Every bar of the range, also empty ones: from `from`, else fro\##
        m the first trace, to `to`, else to the last.","items":{"type":"object","additionalProperties":false,"required":["bucket\##
        ","trace_count","error_trace_count"],"properties":{"bucket":{"type":"string","description":"Where it begins. RFC 3339 wi\##
        th nanoseconds, UTC.","format":"date-time"},"trace_count":{"type":"integer","description":"Traces."},"error_trace_count"\##
        :{"type":"integer","description":"Of these with an error in a matching span."}}}}}}
        """##
}
