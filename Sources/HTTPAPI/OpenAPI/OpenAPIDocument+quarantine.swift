/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let quarantinePaths = ##"""
        "/api/v1/quarantine":{"get":{"tags":["Quarantine"],"operationId":"listQuarantine","summary":"List refused spans","descri\##
        ption":"Spans that were refused alone, youngest first, bounded per project. Needs the scope `read`.","x-permission":"qua\##
        rantine.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"limit","in":"query","required":false,"de\##
        scription":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":200,"default":50}},{"name":"cursor","in"\##
        :"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"2\##
        00":{"description":"A page of refused spans.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Quar\##
        antineList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"\##
        },"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/co\##
        mponents/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavai\##
        lable"}}}}
        """##

    static let quarantineSchemas = ##"""
        "RejectedSpan":{"type":"object","additionalProperties":false,"required":["received_at","reason","format","source_bytes",\##
        "source_base64","is_cut"],"properties":{"received_at":{"type":"string","description":"When it came in. RFC 3339 with nan\##
        oseconds, UTC.","format":"date-time"},"reason":{"type":"string","description":"Why it was refused."},"format":{"type":"s\##
        tring","description":"What the bytes are.","enum":["protobuf","json"]},"source_bytes":{"type":"integer","description":"L\##
        ength of the span as received."},"source_base64":{"type":"string","description":"Its bytes, at most 16 KiB of them."},"i\##
        s_cut":{"type":"boolean","description":"Whether bytes are missing here."}}},"QuarantineList":{"type":"object","additiona\##
        lProperties":false,"required":["data","next_cursor","counts_by_reason"],"properties":{"data":{"type":"array","descriptio\##
        n":"Refused spans.","items":{"$ref":"#/components/schemas/RejectedSpan"}},"next_cursor":{"type":["string","null"],"descr\##
        iption":"For the next page; null on the last one."},"counts_by_reason":{"type":"object","description":"All that are kept\##
        , by reason.","additionalProperties":{"type":"integer"}}}}
        """##
}
