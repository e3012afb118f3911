/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let deletionsPaths = ##"""
        "/api/v1/deletions":{"post":{"tags":["Deletions"],"operationId":"createDeletion","summary":"Delete a trace, a session, a\##
         user's data or all telemetry","description":"Deletes from every answer at once, and from the files by the receipt's `de\##
        adline`. Exactly one member says what: of a session or a user every trace goes in which a span carries it, whole, whoeve\##
        r else has a part in it; all of a project's telemetry goes when `project_name` is the project's own name. What comes in\##
         meanwhile or afterwards stays. Answers 201 once it is in no answer any more, and 202 where that takes longer than ten s\##
        econds; the deletion goes on either way, across restarts, and `GET /api/v1/deletions/{deletion_id}` or the task of the s\##
        ame id tells how far it is. Deleting again does no harm. Needs the scope `admin` or the role admin.","x-permission":"tel\##
        emetry.delete","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"appl\##
        ication/json":{"schema":{"$ref":"#/components/schemas/NewDeletion"},"example":{"user_id":"ada"}}}},"responses":{"201":{"\##
        description":"It is in no answer any more: the receipt.","content":{"application/json":{"schema":{"$ref":"#/components/s\##
        chemas/Deletion"}}}},"202":{"description":"It is under way: the receipt as far as it is known.","content":{"application/\##
        json":{"schema":{"$ref":"#/components/schemas/Deletion"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$r\##
        ef":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/compone\##
        nts/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"\##
        },"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"\##
        $ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/component\##
        s/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"tags":["Deletions"],"operationId":"li\##
        stDeletions","summary":"List deletions","description":"Their receipts, newest first, without the traces' ids.","x-permis\##
        sion":"telemetry.delete","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"limit","in":"query","required\##
        ":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"c\##
        ursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}],"res\##
        ponses":{"200":{"description":"A page of receipts.","content":{"application/json":{"schema":{"$ref":"#/components/schema\##
        s/DeletionList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthentica\##
        ted"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"\##
        #/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Un\##
        available"}}}},"/api/v1/deletions/{deletion_id}":{"get":{"tags":["Deletions"],"operationId":"getDeletion","summary":"Rea\##
        d a deletion's receipt","description":"What went, what stays and why, and until when the bytes are gone. `spandrel inspe\##
        ct store --verify-deleted --deletion FILE` proves it over the files of a data directory.","x-permission":"telemetry.dele\##
        te","parameters":[{"name":"deletion_id","in":"path","required":true,"description":"The deletion's id.","schema":{"type":\##
        "string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The receipt.","content":{"appl\##
        ication/json":{"schema":{"$ref":"#/components/schemas/Deletion"}}}},"400":{"$ref":"#/components/responses/Malformed"},"4\##
        01":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#\##
        /components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/D\##
        efect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let deletionsSchemas = ##"""
        "NewDeletion":{"description":"Exactly one of the members.","type":"object","additionalProperties":false,"minProperties":\##
        1,"maxProperties":1,"properties":{"trace_id":{"type":"string","description":"32 hexadecimal digits.","maxLength":64},"se\##
        ssion_id":{"type":"string","description":"A session of the traced application.","minLength":1,"maxLength":4096},"user_id\##
        ":{"type":"string","description":"A user of the traced application.","minLength":1,"maxLength":4096},"project_name":{"ty\##
        pe":"string","description":"The project's own name, to confirm that all of its telemetry is to go.","maxLength":400}}},"\##
        Deletion":{"type":"object","additionalProperties":false,"required":["id","project_id","kind","trace_id","session_id","us\##
        er_id","state","requested_by","created_at","masked_at","deadline","done_at","scope","deleted","removed","kept","trace_id\##
        s","is_trace_list_cut","masked_unix_nano","through_log_file","problem"],"properties":{"id":{"type":"string","description\##
        ":"The deletion, and its task.","format":"uuid"},"project_id":{"type":"string","description":"Whose telemetry.","format"\##
        :"uuid"},"kind":{"type":"string","description":"What was chosen by.","enum":["trace","session","user","project"]},"trace\##
        _id":{"type":["string","null"],"description":"The trace, of that kind."},"session_id":{"type":["string","null"],"descrip\##
        tion":"The session, of that kind."},"user_id":{"type":["string","null"],"description":"The user, of that kind."},"state"\##
        :{"type":"string","description":"`running`: some of it may still be in answers. `masked`: in none any more. `done`: its\##
         bytes are gone from the files.","enum":["running","masked","done"]},"requested_by":{"type":"string","description":"An e\##
        -mail address or a key's name, as it was then."},"created_at":{"type":"string","description":"When it was asked for. RFC\##
         3339 with nanoseconds, UTC.","format":"date-time"},"masked_at":{"type":["string","null"],"description":"Since when it i\##
        s in no answer. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"deadline":{"type":["string","null"],"description\##
        ":"When its bytes will be gone at the latest. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"done_at":{"type":[\##
        "string","null"],"description":"When its bytes were gone. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"scope"\##
        :{"type":"string","description":"What goes with what was chosen, in words."},"deleted":{"description":"What the store de\##
        leted; null while it runs.","type":["object","null"],"additionalProperties":false,"required":["spans","events","refused_\##
        spans","kept_payload_bytes","traces"],"properties":{"spans":{"type":"integer","description":"Spans."},"events":{"type":"\##
        integer","description":"Event records of logs."},"refused_spans":{"type":"integer","description":"Refused spans of the q\##
        uarantine; of a whole project all go and none is counted."},"kept_payload_bytes":{"type":"integer","description":"Bytes\##
         of long values that stay because spans that are kept have the same bytes."},"traces":{"type":["integer","null"],"descri\##
        ption":"Traces, those of judgements among them; null for a whole project."}}},"removed":{"description":"Rows beside the\##
         store that went with it; null while it runs.","type":["object","null"],"additionalProperties":false,"required":["scores\##
        ","score_decisions","scoring_jobs","feature_windows","copied_texts"],"properties":{"scores":{"type":"integer","descripti\##
        on":"Scores of the traces."},"score_decisions":{"type":"integer","description":"Decisions of score rules and backfills."\##
        },"scoring_jobs":{"type":"integer","description":"Spans that waited to be scored."},"feature_windows":{"type":"integer",\##
        "description":"Windows of features that named or quoted a trace."},"copied_texts":{"type":"integer","description":"Texts\##
         copied for analyses and drafts under way."}}},"kept":{"description":"Copies that people made on purpose: they stay. Nul\##
        l while it runs.","type":["object","null"],"additionalProperties":false,"required":["test_cases","test_case_drafts","kno\##
        wledge_entries","run_outcomes","items"],"properties":{"test_cases":{"type":"integer","description":"Test cases made from\##
         its spans."},"test_case_drafts":{"type":"integer","description":"Drafts of test cases."},"knowledge_entries":{"type":"i\##
        nteger","description":"Entries of the knowledge base that name a span as their source."},"run_outcomes":{"type":"integer\##
        ","description":"Outcomes of runs whose trace went."},"items":{"type":"array","description":"The first of the copies of\##
         each kind.","items":{"type":"object","additionalProperties":false,"required":["kind","id"],"properties":{"kind":{"type"\##
        :"string","description":"`test_case`, `test_case_draft` or `knowledge_entry`."},"id":{"type":"string","description":"Its\##
         id.","format":"uuid"}}}}}},"trace_ids":{"type":"array","description":"The traces that went, 10,000 at most; none in lis\##
        ts.","items":{"type":"string"}},"is_trace_list_cut":{"type":"boolean","description":"Whether there were more."},"masked_\##
        unix_nano":{"type":["string","null"],"description":"The store's own time of the deletion: what was received later is non\##
        e of it."},"through_log_file":{"type":["integer","null"],"description":"The log's files up to this number may have held\##
         it."},"problem":{"type":["string","null"],"description":"Why it does not get on; null where it does."}}},"DeletionList"\##
        :{"type":"object","additionalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"array","d\##
        escription":"Receipts.","items":{"$ref":"#/components/schemas/Deletion"}},"next_cursor":{"type":["string","null"],"descr\##
        iption":"For the next page; null on the last."}}}
        """##
}
