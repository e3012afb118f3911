/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let kbrevisionsPaths = ##"""
        "/api/v1/kb/revisions":{"get":{"tags":["KnowledgeRevisions"],"operationId":"listKnowledgeRevisions","summary":"List revi\##
        sions","description":"Newest first: the first is the active one.","x-permission":"knowledge.read","parameters":[{"name":\##
        "limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum"\##
        :500,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","sc\##
        hema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"A page of revisi\##
        ons.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeRevisionList"}}}},"400":{"$ref":"#/\##
        components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/res\##
        ponses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500\##
        ":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/revisions/\##
        {number}":{"get":{"tags":["KnowledgeRevisions"],"operationId":"getKnowledgeRevision","summary":"Show a revision","descri\##
        ption":"Where it came from; it never changes.","x-permission":"knowledge.read","parameters":[{"name":"number","in":"path\##
        ","required":true,"description":"The revision's number.","schema":{"type":"string"}},{"name":"If-None-Match","in":"heade\##
        r","required":false,"description":"An ETag that the client has; answered with 304 if it is still right.","schema":{"type\##
        ":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The revision.","content":{"a\##
        pplication/json":{"schema":{"$ref":"#/components/schemas/KnowledgeRevision"}}},"headers":{"ETag":{"description":"For If-\##
        None-Match.","schema":{"type":"string"}}}},"304":{"description":"The client has it.","headers":{"ETag":{"description":"F\##
        or If-None-Match.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/comp\##
        onents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/respons\##
        es/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$re\##
        f":"#/components/responses/Unavailable"}}}},"/api/v1/kb/revisions/{number}/entries":{"get":{"tags":["KnowledgeRevisions"\##
        ],"operationId":"listKnowledgeRevisionEntries","summary":"List a revision's entries","description":"In the order of keys\##
        , without contents.","x-permission":"knowledge.read","parameters":[{"name":"number","in":"path","required":true,"descrip\##
        tion":"The revision's number.","schema":{"type":"string"}},{"name":"kind","in":"query","required":false,"description":"O\##
        nly entries of this kind.","schema":{"type":"string","enum":["article","operation","table"]}},{"name":"tag","in":"query"\##
        ,"required":false,"description":"Only entries with this tag.","schema":{"type":"string"}},{"name":"prefix","in":"query",\##
        "required":false,"description":"Only entries whose keys begin so.","schema":{"type":"string"}},{"name":"limit","in":"que\##
        ry","required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50\##
        }},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"st\##
        ring"}},{"name":"If-None-Match","in":"header","required":false,"description":"An ETag that the client has; answered with\##
         304 if it is still right.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{\##
        "description":"A page of entries.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeEntryL\##
        ist"}}},"headers":{"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"304":{"description":"The cl\##
        ient has it.","headers":{"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"400":{"$ref":"#/compo\##
        nents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/response\##
        s/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$\##
        ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/revisions/{numb\##
        er}/entries/{key}":{"get":{"tags":["KnowledgeRevisions"],"operationId":"getKnowledgeRevisionEntry","summary":"Show an en\##
        try as a revision has it","description":"Its ETag is the hash of what it says.","x-permission":"knowledge.read","paramet\##
        ers":[{"name":"number","in":"path","required":true,"description":"The revision's number.","schema":{"type":"string"}},{"\##
        name":"key","in":"path","required":true,"description":"The entry's key, percent-encoded, its slashes as `%2F`.","schema"\##
        :{"type":"string"}},{"name":"If-None-Match","in":"header","required":false,"description":"An ETag that the client has; a\##
        nswered with 304 if it is still right.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"respons\##
        es":{"200":{"description":"The entry.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeEn\##
        try"}}},"headers":{"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"304":{"description":"The cl\##
        ient has it.","headers":{"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"400":{"$ref":"#/compo\##
        nents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/response\##
        s/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$\##
        ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/revisions/{numb\##
        er}/diff":{"get":{"tags":["KnowledgeRevisions"],"operationId":"diffKnowledgeRevisions","summary":"Compare two revisions"\##
        ,"description":"Which entries the revision has otherwise than another.","x-permission":"knowledge.read","parameters":[{"\##
        name":"number","in":"path","required":true,"description":"The revision's number.","schema":{"type":"string"}},{"name":"a\##
        gainst","in":"query","required":false,"description":"The revision it is held against, 0 for nothing; the one before by d\##
        efault.","schema":{"type":"integer","minimum":0,"maximum":2147483647}},{"name":"limit","in":"query","required":false,"de\##
        scription":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in"\##
        :"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}},{"$ref":"#/compo\##
        nents/parameters/Project"}],"responses":{"200":{"description":"A page of changes.","content":{"application/json":{"schem\##
        a":{"$ref":"#/components/schemas/KnowledgeChangeList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref\##
        ":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/component\##
        s/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"5\##
        03":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/revisions/{number}/diff/{key}":{"get":{"tags":["Knowled\##
        geRevisions"],"operationId":"diffKnowledgeRevisionEntry","summary":"Compare an entry in two revisions","description":"Fi\##
        elds and lines that differ; 404 for an entry that both have the same.","x-permission":"knowledge.read","parameters":[{"n\##
        ame":"number","in":"path","required":true,"description":"The revision's number.","schema":{"type":"string"}},{"name":"ke\##
        y","in":"path","required":true,"description":"The entry's key, percent-encoded, its slashes as `%2F`.","schema":{"type":\##
        "string"}},{"name":"against","in":"query","required":false,"description":"The revision it is held against, 0 for nothing\##
        ; the one before by default.","schema":{"type":"integer","minimum":0,"maximum":2147483647}},{"$ref":"#/components/parame\##
        ters/Project"}],"responses":{"200":{"description":"The difference.","content":{"application/json":{"schema":{"$ref":"#/c\##
        omponents/schemas/KnowledgeDifference"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components\##
        /responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/Not\##
        Found"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/\##
        components/responses/Unavailable"}}}},"/api/v1/kb/revisions/{number}/restore":{"post":{"tags":["KnowledgeRevisions"],"op\##
        erationId":"restoreKnowledgeRevision","summary":"Go back to a revision","description":"Its entries become active again,\##
         as a new revision, in one step. The task is the promotion: it passes the gate, if there is one.","x-permission":"knowle\##
        dge.promote","parameters":[{"name":"number","in":"path","required":true,"description":"The revision's number.","schema":\##
        {"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/js\##
        on":{"schema":{"$ref":"#/components/schemas/KnowledgePromotionRequest"}}}},"responses":{"202":{"description":"The promot\##
        ion's task.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Task"}}}},"400":{"$ref":"#/components\##
        /responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/For\##
        bidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"descri\##
        ption":"The draft is in another state, or something else is in the way: `errors[0].field` has the reason.","content":{"a\##
        pplication/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"413":{"$ref":"#/components/responses/TooL\##
        arge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"\##
        },"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/compon\##
        ents/responses/Unavailable"}}}},"/api/v1/kb/entries/{key}/history":{"get":{"tags":["KnowledgeRevisions"],"operationId":"\##
        listKnowledgeEntryHistory","summary":"List what became of an entry","description":"With each revision that added, change\##
        d or removed it, newest first; also of entries that are not there any more. What it said then: `GET /api/v1/kb/revisions\##
        /{number}/entries/{key}`.","x-permission":"knowledge.read","parameters":[{"name":"key","in":"path","required":true,"desc\##
        ription":"The entry's key, percent-encoded, its slashes as `%2F`.","schema":{"type":"string"}},{"name":"limit","in":"que\##
        ry","required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50\##
        }},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"st\##
        ring"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"A page of the entry's history.","\##
        content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeEntryHistory"}}}},"400":{"$ref":"#/compone\##
        nts/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/\##
        Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$re\##
        f":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let kbrevisionsSchemas = ##"""
        "KnowledgeRevisionList":{"description":"A page of revisions.","type":"object","additionalProperties":false,"required":["\##
        data","next_cursor"],"properties":{"data":{"type":"array","description":"The page's revisions.","items":{"$ref":"#/compo\##
        nents/schemas/KnowledgeRevision"}},"next_cursor":{"type":["string","null"],"description":"`cursor` of the next page; nul\##
        l on the last."}}},"KnowledgePromotionRequest":{"description":"Why it is promoted; `{}`: for no reason.","type":"object"\##
        ,"additionalProperties":false,"required":[],"properties":{"message":{"type":["string","null"],"description":"Stands in t\##
        he history.","minLength":1,"maxLength":10000}}},"KnowledgeEntryEvent":{"description":"What became of an entry with a rev\##
        ision.","type":"object","additionalProperties":false,"required":["revision","change","kind","title","tags","hash","autho\##
        r","source","draft_name","restored_revision","message","promoted_by","promoted_at"],"properties":{"revision":{"type":"in\##
        teger","description":"The revision it came with.","minimum":1},"change":{"type":"string","description":"What became of i\##
        t.","enum":["added","changed","removed"]},"kind":{"description":"What it is from then on; null: removed.","enum":["artic\##
        le","operation","table",null]},"title":{"type":["string","null"],"description":"Its heading from then on; null: removed.\##
        "},"tags":{"type":["array","null"],"description":"What it is found by from then on; null: removed.","items":{"type":"str\##
        ing"}},"hash":{"type":["string","null"],"description":"Of what it says from then on; null: removed."},"author":{"type":"\##
        string","description":"Who wrote this, or took it away."},"source":{"description":"What it was written from.","anyOf":[{\##
        "$ref":"#/components/schemas/KnowledgeSource"},{"type":"null"}]},"draft_name":{"type":["string","null"],"description":"T\##
        he draft it came with; null: an earlier revision was restored."},"restored_revision":{"type":["integer","null"],"descrip\##
        tion":"The revision that was gone back to."},"message":{"type":"string","description":"Why it was promoted."},"promoted_\##
        by":{"type":"string","description":"Who promoted the revision."},"promoted_at":{"type":"string","description":"When. RFC\##
         3339 with nanoseconds, UTC.","format":"date-time"}}},"KnowledgeEntryHistory":{"description":"A page of an entry's histo\##
        ry.","type":"object","additionalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"array"\##
        ,"description":"Newest first.","items":{"$ref":"#/components/schemas/KnowledgeEntryEvent"}},"next_cursor":{"type":["stri\##
        ng","null"],"description":"`cursor` of the next page; null on the last."}}}
        """##
}
