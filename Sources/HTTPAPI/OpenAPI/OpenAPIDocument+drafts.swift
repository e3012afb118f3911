/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let draftsPaths = ##"""
        "/api/v1/suites/{suite_id}/drafts":{"post":{"tags":["Suites"],"operationId":"requestDrafts","summary":"Have test cases d\##
        rafted from traces and knowledge","description":"A model reads the chosen traces and entries of the knowledge base, one\##
         after the other, and writes cases of them: drafts, which count for nothing until a person accepts them. The model is th\##
        e project's (settings: `default_models.draft`, else `judge`) unless one is named. No further call is made once the spend\##
        ing cap is reached. Entries take the permission `knowledge.read`, too. `POST /api/v1/tasks/{task_id}/cancel` ends it ear\##
        ly.","x-permission":"runs.start","parameters":[{"name":"suite_id","in":"path","required":true,"description":"The suite's\##
         id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{\##
        "application/json":{"schema":{"$ref":"#/components/schemas/NewDraftRequest"},"example":{"trace_ids":["$SPANDREL_TRACE_ID\##
        "],"instruction":"Questions about capitals that are easily got wrong.","maximum_drafts":5,"spending_cap_usd":0.5}}}},"re\##
        sponses":{"202":{"description":"The task.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Task"}}\##
        }},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$re\##
        f":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/resp\##
        onses/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":\##
        {"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$re\##
        f":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/response\##
        s/Unavailable"}}},"get":{"tags":["Suites"],"operationId":"listDrafts","summary":"List drafts of test cases","description\##
        ":"Newest first.","x-permission":"suites.read","parameters":[{"name":"suite_id","in":"path","required":true,"description\##
        ":"The suite's id.","schema":{"type":"string"}},{"name":"state","in":"query","required":false,"description":"Only drafts\##
         in this state.","schema":{"type":"string","enum":["proposed","accepted","dropped"]}},{"name":"limit","in":"query","requ\##
        ired":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name\##
        ":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}},{\##
        "$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"A page of drafts.","content":{"application\##
        /json":{"schema":{"$ref":"#/components/schemas/DraftList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"\##
        $ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/compo\##
        nents/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"\##
        },"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/suites/{suite_id}/drafts/{draft_id}/accept":{"post":{"\##
        tags":["Suites"],"operationId":"acceptDraft","summary":"Accept a draft","description":"The case becomes one of the suite\##
        , in a version of its own, with the edits of the body. It never takes the place of another case.","x-permission":"suites\##
        .write","parameters":[{"name":"suite_id","in":"path","required":true,"description":"The suite's id.","schema":{"type":"s\##
        tring"}},{"name":"draft_id","in":"path","required":true,"description":"The draft's id.","schema":{"type":"string"}},{"$r\##
        ef":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"\##
        #/components/schemas/DraftEdits"},"example":{"key":"capital-of-australia"}}}},"responses":{"200":{"description":"The dra\##
        ft, and the version that the suite has now.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Draft\##
        Decision"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},\##
        "403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/comp\##
        onents/responses/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLar\##
        ge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},\##
        "429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/componen\##
        ts/responses/Unavailable"}}}},"/api/v1/suites/{suite_id}/drafts/{draft_id}/drop":{"post":{"tags":["Suites"],"operationId\##
        ":"dropDraft","summary":"Drop a draft","description":"Nothing becomes of it; it stays in the list as dropped.","x-permis\##
        sion":"suites.write","parameters":[{"name":"suite_id","in":"path","required":true,"description":"The suite's id.","schem\##
        a":{"type":"string"}},{"name":"draft_id","in":"path","required":true,"description":"The draft's id.","schema":{"type":"s\##
        tring"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The draft.","content":{"applicat\##
        ion/json":{"schema":{"$ref":"#/components/schemas/DraftDecision"}}}},"400":{"$ref":"#/components/responses/Malformed"},"\##
        401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"\##
        #/components/responses/NotFound"},"409":{"$ref":"#/components/responses/Conflict"},"429":{"$ref":"#/components/responses\##
        /Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let draftsSchemas = ##"""
        "NewDraftRequest":{"description":"What is to be drafted.","type":"object","additionalProperties":false,"properties":{"tr\##
        ace_ids":{"type":["array","null"],"description":"Traces that have a span with an input; docs/mapping.md. 1 to 50 traces\##
         and entries in all.","maxItems":50,"items":{"type":"string","description":"32 hexadecimal digits."}},"entry_keys":{"typ\##
        e":["array","null"],"description":"Entries of the knowledge base.","maxItems":50,"items":{"type":"string","description":\##
        "An entry's key."}},"entry_source":{"description":"The state of the knowledge base that the entries are read in: `active\##
        ` (the default), a revision by its number, a draft by its name.","oneOf":[{"type":"string","enum":["active"]},{"type":"o\##
        bject","additionalProperties":false,"required":["revision"],"properties":{"revision":{"type":"integer","minimum":1,"maxi\##
        mum":2147483647,"description":"Number of a revision."}}},{"type":"object","additionalProperties":false,"required":["draf\##
        t"],"properties":{"draft":{"type":"string","description":"Name of a draft."}}},{"type":"null"}]},"instruction":{"type":[\##
        "string","null"],"description":"What the cases should be about; at most 4,000 bytes.","maxLength":4000},"model":{"type":\##
        ["string","null"],"description":"`provider/model`; by default the project's."},"maximum_drafts":{"type":["integer","null\##
        "],"description":"Cases to be written, spread over the traces and entries; 10 by default.","minimum":1,"maximum":100},"s\##
        pending_cap_usd":{"type":["number","null"],"description":"No further call is made once this is spent; 1 by default.","ex\##
        clusiveMinimum":0,"maximum":1000000}}},"TestCaseDraft":{"description":"A test case that a model wrote.","type":"object",\##
        "additionalProperties":false,"required":["id","task_id","key","content","trace_id","span_id","entry","state","accepted_v\##
        ersion","decided_by","decided_at","created_at"],"properties":{"id":{"type":"string","description":"The draft.","format":\##
        "uuid"},"task_id":{"type":"string","description":"The task that wrote it.","format":"uuid"},"key":{"type":"string","desc\##
        ription":"The case's key."},"content":{"type":"object","description":"A test case; docs/suites.md.","additionalPropertie\##
        s":true},"trace_id":{"type":["string","null"],"description":"The trace it was made from; null for one that was made from\##
         an entry."},"span_id":{"type":["string","null"],"description":"The span of it."},"entry":{"type":["object","null"],"des\##
        cription":"The entry it was made from, as the case's `source` has it; null for one that was made from a trace.","additio\##
        nalProperties":false,"required":["key","revision"],"properties":{"key":{"type":"string","description":"The entry."},"rev\##
        ision":{"type":"integer","description":"The revision it was read in; of a draft, its base.","minimum":0},"draft_id":{"ty\##
        pe":"string","description":"The draft.","format":"uuid"},"draft_version":{"type":"integer","description":"The draft's ve\##
        rsion.","minimum":0}}},"state":{"type":"string","description":"`proposed` until a person decides.","enum":["proposed","a\##
        ccepted","dropped"]},"accepted_version":{"type":["integer","null"],"description":"The suite's version that the case came\##
         with."},"decided_by":{"type":["string","null"],"description":"Who decided: an e-mail address or a key's name."},"decide\##
        d_at":{"type":["string","null"],"description":"When.","format":"date-time"},"created_at":{"type":"string","description":\##
        "When it was written.","format":"date-time"}}},"DraftList":{"description":"A page of drafts.","type":"object","additiona\##
        lProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"array","description":"The page's draf\##
        ts.","items":{"$ref":"#/components/schemas/TestCaseDraft"}},"next_cursor":{"type":["string","null"],"description":"`curs\##
        or` of the next page; null on the last."}}},"DraftEdits":{"description":"What of the draft is to be another; `{}`: nothi\##
        ng.","type":"object","additionalProperties":false,"required":[],"properties":{"key":{"type":["string","null"],"descripti\##
        on":"The case's key.","minLength":1,"maxLength":256},"content":{"type":["object","null"],"description":"The whole case,\##
         without its source, which stays; docs/suites.md.","additionalProperties":true}}},"DraftDecision":{"description":"What b\##
        ecame of a draft.","type":"object","additionalProperties":false,"required":["draft","version"],"properties":{"draft":{"$\##
        ref":"#/components/schemas/TestCaseDraft"},"version":{"description":"The version that the case came with; null for a dra\##
        ft that was dropped.","anyOf":[{"$ref":"#/components/schemas/SuiteVersion"},{"type":"null"}]}}}
        """##
}
