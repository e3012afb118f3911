/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let quarantinePaths = ##"""
        "/api/v1/quarantine":{"get":{"tags":["Quarantine"],"operationId":"listQuarantine","summary":"List refused spans","descri\##
        ption":"Spans that were refused alone, youngest first, with what is kept for each reason. Bounded per project in number,\##
         bytes and age. Needs the scope `read`.","x-permission":"quarantine.read","parameters":[{"$ref":"#/components/parameters\##
        /Project"},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","m\##
        inimum":1,"maximum":200,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of th\##
        e page before.","schema":{"type":"string"}},{"name":"reason","in":"query","required":false,"description":"Only spans ref\##
        used for this reason, like `span_id_zero`. `groups` has all reasons all the same.","schema":{"type":"string","maxLength"\##
        :64}}],"responses":{"200":{"description":"A page of refused spans.","content":{"application/json":{"schema":{"$ref":"#/c\##
        omponents/schemas/QuarantineList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/resp\##
        onses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound\##
        "},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/compo\##
        nents/responses/Unavailable"}}},"delete":{"tags":["Quarantine"],"operationId":"deleteQuarantine","summary":"Delete refus\##
        ed spans","description":"Forgets the kept spans, of one reason or all, and frees their bytes. Needs the scope `admin`.",\##
        "x-permission":"project.manage","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"reason","in":"query","\##
        required":false,"description":"Only spans refused for this reason.","schema":{"type":"string","maxLength":64}}],"respons\##
        es":{"200":{"description":"They are gone.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Deleted\##
        RefusedSpans"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticate\##
        d"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/\##
        components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unav\##
        ailable"}}}},"/api/v1/quarantine/replay":{"post":{"tags":["Quarantine"],"operationId":"replayQuarantine","summary":"Take\##
         refused spans in after all","description":"Sends kept spans through ingest again, under the limits, rules and quota tha\##
        t hold now: after an update of the server that takes what it refused, for instance. What is accepted is on disk and visi\##
        ble when this answers, and out of the quarantine; what is refused again stays with its newest reason. A span whose ids a\##
        nd times are stored already leaves the quarantine and is not stored twice. Every kept span that is selected is tried onc\##
        e; without `reason` and `ids` all are. But those that were meant for a project which their key may not choose (`project_\##
        not_choosable`): they are tried when one of the two names them, and stored in this project. One replay of a project at a\##
         time. Needs the scope `write`.","x-permission":"quarantine.replay","parameters":[{"$ref":"#/components/parameters/Proje\##
        ct"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/QuarantineRep\##
        lay"},"example":{"reason":"too_many_attributes"}}}},"responses":{"200":{"description":"What became of them.","content":{\##
        "application/json":{"schema":{"$ref":"#/components/schemas/QuarantineReplayReport"}}}},"400":{"$ref":"#/components/respo\##
        nses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden\##
        "},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/com\##
        ponents/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsu\##
        pportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"}\##
        ,"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let quarantineSchemas = ##"""
        "RejectedSpan":{"type":"object","additionalProperties":false,"required":["id","received_at","reason","exporter","format"\##
        ,"source_bytes","source_base64","is_cut","is_replayable"],"properties":{"id":{"type":"string","description":"What it is\##
         kept under: ascending, never given twice in a project."},"received_at":{"type":"string","description":"When it came in.\##
         RFC 3339 with nanoseconds, UTC.","format":"date-time"},"reason":{"type":"string","description":"Why it was refused."},"\##
        exporter":{"type":["string","null"],"description":"What the request's sender called itself (User-Agent), else the SDK th\##
        at its resource names; null when neither said."},"format":{"type":"string","description":"What the bytes are.","enum":["\##
        protobuf","json"]},"source_bytes":{"type":"integer","description":"Length of the span as received."},"source_base64":{"t\##
        ype":"string","description":"Its bytes, at most 16 KiB of them."},"is_cut":{"type":"boolean","description":"Whether byte\##
        s are missing here."},"is_replayable":{"type":"boolean","description":"Whether a replay can try it: all of it is kept, a\##
        nd the resource and scope it came with."}}},"QuarantineList":{"type":"object","additionalProperties":false,"required":["\##
        data","next_cursor","counts_by_reason","groups"],"properties":{"data":{"type":"array","description":"Refused spans.","it\##
        ems":{"$ref":"#/components/schemas/RejectedSpan"}},"next_cursor":{"type":["string","null"],"description":"For the next p\##
        age; null on the last one."},"counts_by_reason":{"type":"object","description":"All that are kept, by reason.","addition\##
        alProperties":{"type":"integer"}},"groups":{"type":"array","description":"What is kept, by reason, the most frequent fir\##
        st.","items":{"$ref":"#/components/schemas/RejectedSpanGroup"}}}},"RejectedSpanGroup":{"type":"object","additionalProper\##
        ties":false,"required":["reason","explanation","count","replayable_count","first_seen_at","last_seen_at","exporters","sa\##
        mple"],"properties":{"reason":{"type":"string","description":"Why they were refused."},"explanation":{"type":["string","\##
        null"],"description":"The rule in words; null for a reason of another version."},"count":{"type":"integer","description"\##
        :"How many are kept."},"replayable_count":{"type":"integer","description":"How many of them a replay can try."},"first_s\##
        een_at":{"type":"string","description":"When the oldest kept one came in. RFC 3339 with nanoseconds, UTC.","format":"dat\##
        e-time"},"last_seen_at":{"type":"string","description":"When the youngest one came in. RFC 3339 with nanoseconds, UTC.",\##
        "format":"date-time"},"exporters":{"type":"array","description":"Who sent them, those with the most spans first, at most\##
         eight.","items":{"type":"object","additionalProperties":false,"required":["name","count"],"properties":{"name":{"type":\##
        ["string","null"],"description":"What it calls itself; null of those that did not say, and of more than are told apart."\##
        },"count":{"type":"integer","description":"Spans."}}}},"sample":{"anyOf":[{"$ref":"#/components/schemas/RejectedSpan"},{\##
        "type":"null"}],"description":"The youngest one, with at most 2 KiB of its bytes."}}},"QuarantineReplay":{"type":"object\##
        ","additionalProperties":false,"properties":{"reason":{"type":["string","null"],"maxLength":64,"description":"Only spans\##
         refused for this reason."},"ids":{"type":["array","null"],"minItems":1,"maxItems":1000,"description":"Only these.","ite\##
        ms":{"type":"string","description":"Of a refused span."}}}},"QuarantineReplayReport":{"type":"object","additionalPropert\##
        ies":false,"required":["stored_spans","already_stored_spans","refused_again_spans","not_replayable_spans","remaining_spa\##
        ns","stopped_because"],"properties":{"stored_spans":{"type":"integer","description":"Stored now."},"already_stored_spans\##
        ":{"type":"integer","description":"Stored before, as they are: out of the quarantine, and not stored twice."},"refused_a\##
        gain_spans":{"type":"integer","description":"Refused again; they stay, with their newest reason."},"not_replayable_spans\##
        ":{"type":"integer","description":"Not tried, because not all that is needed is kept."},"remaining_spans":{"type":"integ\##
        er","description":"Not tried because the replay ended early; another one goes on."},"stopped_because":{"type":["string",\##
        "null"],"description":"Why it ended early; null when everything was tried."}}},"DeletedRefusedSpans":{"type":"object","a\##
        dditionalProperties":false,"required":["deleted_spans"],"properties":{"deleted_spans":{"type":"integer","description":"H\##
        ow many are gone."}}}
        """##
}
