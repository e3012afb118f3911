/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let storePaths = ##"""
        "/api/v1/store/seal":{"post":{"tags":["Store"],"operationId":"sealStore","summary":"Seal memtables","description":"Write\##
        s what is in memory, of every project, into segments and answers when they are published. For tests, backups and exports\##
        ; the server seals by itself. Needs the scope `admin`.","x-permission":"store.seal","responses":{"200":{"description":"W\##
        hat was written.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/SealReport"}}}},"400":{"$ref":"#\##
        /components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/re\##
        sponses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"50\##
        0":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}},"parameters":[{"$ref":"\##
        #/components/parameters/Project"}]}},"/api/v1/store/files":{"get":{"tags":["Store"],"operationId":"listStoreFiles","summ\##
        ary":"List Parquet files","description":"The published segments of the key's project, oldest first; paths are relative t\##
        o the store's folder. Needs the scope `read`.","x-permission":"traces.read","responses":{"200":{"description":"All of th\##
        em.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/StoreFileList"}}}},"400":{"$ref":"#/component\##
        s/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Fo\##
        rbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref"\##
        :"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}},"parameters":[{"$ref":"#/componen\##
        ts/parameters/Project"}]}}
        """##

    static let storeSchemas = ##"""
        "SealReport":{"type":"object","additionalProperties":false,"required":["segment_count","span_count","store_id"],"propert\##
        ies":{"segment_count":{"type":"integer","description":"Segments written."},"span_count":{"type":"integer","description":\##
        "Spans in them."},"store_id":{"type":"string","description":"Which store of which server process was sealed; of no other\##
         meaning. A backup holds it against the files it reads."}}},"StoreFile":{"type":"object","additionalProperties":false,"r\##
        equired":["sequence","received_date","spans_path","payloads_path","span_count","row_group_count","spans_bytes","payloads\##
        _bytes","minimum_start_time","maximum_start_time"],"properties":{"sequence":{"type":"integer","description":"Number of t\##
        he segment."},"received_date":{"type":"string","description":"UTC day on which its spans came in.","format":"date"},"spa\##
        ns_path":{"type":"string","description":"Parquet file of spans."},"payloads_path":{"type":["string","null"],"description\##
        ":"Parquet file of payloads, if there are any."},"span_count":{"type":"integer","description":"Rows."},"row_group_count"\##
        :{"type":"integer","description":"Row groups."},"spans_bytes":{"type":"integer","description":"Size of the first file."}\##
        ,"payloads_bytes":{"type":"integer","description":"Size of the second."},"minimum_start_time":{"type":"string","descript\##
        ion":"Of its spans. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"maximum_start_time":{"type":"string","descri\##
        ption":"Of its spans. RFC 3339 with nanoseconds, UTC.","format":"date-time"}}},"StoreFileList":{"type":"object","additio\##
        nalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"array","description":"Segments.","i\##
        tems":{"$ref":"#/components/schemas/StoreFile"}},"next_cursor":{"type":["string","null"],"description":"For the next pag\##
        e; null on the last one."}}}
        """##
}
