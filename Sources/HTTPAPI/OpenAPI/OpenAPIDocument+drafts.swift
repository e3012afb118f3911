/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let draftsPaths = ##"""
        "/api/v1/suites/{suite_id}/drafts":{"post":{"tags":["Suites"],"operationId":"requestDrafts","summary":"Have test cases d\##
        rafted from traces","description":"A model reads the chosen traces, one after the other, and writes cases like them: dra\##
        fts, which count for nothing until a person accepts them. The model is the project's (settings: `default_models.draft`,\##
         else `judge`) unless one is named. No further call is made once the spending cap is reached. `POST /api/v1/tasks/{task_\##
        id}/cancel` ends it early.","x-permission":"runs.start","parameters":[{"name":"suite_id","in":"path","required":true,"de\##
        scription":"The suite's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"req\##
        uired":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewDraftRequest"},"example":{"trace_id\##
        s":["$SPANDREL_TRACE_ID"],"instruction":"Questions about capitals that are easily got wrong.","maximum_drafts":5,"spendi\##
        ng_cap_usd":0.5}}}},"responses":{"202":{"description":"The task.","content":{"application/json":{"schema":{"$ref":"#/com\##
        ponents/schemas/Task"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauth\##
        enticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$\##
        ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/resp\##
        onses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses\##
        /Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"\##
        tags":["Suites"],"operationId":"listDrafts","summary":"List drafts of test cases","description":"Newest first.","x-permi\##
        ssion":"suites.read","parameters":[{"name":"suite_id","in":"path","required":true,"description":"The suite's id.","schem\##
        a":{"type":"string"}},{"name":"state","in":"query","required":false,"description":"Only drafts in this state.","schema":\##
        {"type":"string","enum":["proposed","accepted","dropped"]}},{"name":"limit","in":"query","required":false,"description":\##
        "How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","r\##
        equired":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}},{"$ref":"#/components/param\##
        eters/Project"}],"responses":{"200":{"description":"A page of drafts.","content":{"application/json":{"schema":{"$ref":"\##
        #/components/schemas/DraftList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/respon\##
        ses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"}\##
        ,"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/compone\##
        nts/responses/Unavailable"}}}},"/api/v1/suites/{suite_id}/drafts/{draft_id}/accept":{"post":{"tags":["Suites"],"operatio\##
        nId":"acceptDraft","summary":"Accept a draft","description":"The case becomes one of the suite, in a version of its own,\##
         with the edits of the body. It never takes the place of another case.","x-permission":"suites.write","parameters":[{"na\##
        me":"suite_id","in":"path","required":true,"description":"The suite's id.","schema":{"type":"string"}},{"name":"draft_id\##
        ","in":"path","required":true,"description":"The draft's id.","schema":{"type":"string"}},{"$ref":"#/components/paramete\##
        rs/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Draft\##
        Edits"},"example":{"key":"capital-of-australia"}}}},"responses":{"200":{"description":"The draft, and the version that t\##
        he suite has now.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/DraftDecision"}}}},"400":{"$ref\##
        ":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/component\##
        s/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"}\##
        ,"409":{"$ref":"#/components/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/comp\##
        onents/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/component\##
        s/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}\##
        }}},"/api/v1/suites/{suite_id}/drafts/{draft_id}/drop":{"post":{"tags":["Suites"],"operationId":"dropDraft","summary":"D\##
        rop a draft","description":"Nothing becomes of it; it stays in the list as dropped.","x-permission":"suites.write","para\##
        meters":[{"name":"suite_id","in":"path","required":true,"description":"The suite's id.","schema":{"type":"string"}},{"na\##
        me":"draft_id","in":"path","required":true,"description":"The draft's id.","schema":{"type":"string"}},{"$ref":"#/compon\##
        ents/parameters/Project"}],"responses":{"200":{"description":"The draft.","content":{"application/json":{"schema":{"$ref\##
        ":"#/components/schemas/DraftDecision"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components\##
        /responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/Not\##
        Found"},"409":{"$ref":"#/components/responses/Conflict"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"\##
        #/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let draftsSchemas = ##"""
        "NewDraftRequest":{"description":"What is to be drafted.","type":"object","additionalProperties":false,"required":["trac\##
        e_ids"],"properties":{"trace_ids":{"type":"array","description":"1 to 50 traces that have a span with an input; docs/map\##
        ping.md.","minItems":1,"maxItems":50,"items":{"type":"string","description":"32 hexadecimal digits."}},"instruction":{"t\##
        ype":["string","null"],"description":"What the cases should be about; at most 4,000 bytes.","maxLength":4000},"model":{"\##
        type":["string","null"],"description":"`provider/model`; by default the project's."},"maximum_drafts":{"type":["integer"\##
        ,"null"],"description":"Cases to be written, spread over the traces; 10 by default.","minimum":1,"maximum":100},"spendin\##
        g_cap_usd":{"type":["number","null"],"description":"No further call is made once this is spent; 1 by default.","exclusiv\##
        eMinimum":0,"maximum":1000000}}},"TestCaseDraft":{"description":"A test case that a model wrote.","type":"object","addit\##
        ionalProperties":false,"required":["id","task_id","key","content","trace_id","span_id","state","accepted_version","decid\##
        ed_by","decided_at","created_at"],"properties":{"id":{"type":"string","description":"The draft.","format":"uuid"},"task_\##
        id":{"type":"string","description":"The task that wrote it.","format":"uuid"},"key":{"type":"string","description":"The\##
         case's key."},"content":{"type":"object","description":"A test case; docs/suites.md.","additionalProperties":true},"tra\##
        ce_id":{"type":"string","description":"The trace it was made from."},"span_id":{"type":"string","description":"The span\##
         of it."},"state":{"type":"string","description":"`proposed` until a person decides.","enum":["proposed","accepted","dro\##
        pped"]},"accepted_version":{"type":["integer","null"],"description":"The suite's version that the case came with."},"dec\##
        ided_by":{"type":["string","null"],"description":"Who decided: an e-mail address or a key's name."},"decided_at":{"type"\##
        :["string","null"],"description":"When.","format":"date-time"},"created_at":{"type":"string","description":"When it was\##
         written.","format":"date-time"}}},"DraftList":{"description":"A page of drafts.","type":"object","additionalProperties"\##
        :false,"required":["data","next_cursor"],"properties":{"data":{"type":"array","description":"The page's drafts.","items"\##
        :{"$ref":"#/components/schemas/TestCaseDraft"}},"next_cursor":{"type":["string","null"],"description":"`cursor` of the n\##
        ext page; null on the last."}}},"DraftEdits":{"description":"What of the draft is to be another; `{}`: nothing.","type":\##
        "object","additionalProperties":false,"required":[],"properties":{"key":{"type":["string","null"],"description":"The cas\##
        e's key.","minLength":1,"maxLength":256},"content":{"type":["object","null"],"description":"The whole case, without its\##
         source, which stays; docs/suites.md.","additionalProperties":true}}},"DraftDecision":{"description":"What became of a d\##
        raft.","type":"object","additionalProperties":false,"required":["draft","version"],"properties":{"draft":{"$ref":"#/comp\##
        onents/schemas/TestCaseDraft"},"version":{"description":"The version that the case came with; null for a draft that was\##
         dropped.","anyOf":[{"$ref":"#/components/schemas/SuiteVersion"},{"type":"null"}]}}}
        """##
}
