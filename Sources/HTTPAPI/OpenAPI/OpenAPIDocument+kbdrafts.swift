/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let kbdraftsPaths = ##"""
        "/api/v1/kb/drafts":{"post":{"tags":["KnowledgeDrafts"],"operationId":"createKnowledgeDraft","summary":"Create a draft",\##
        "description":"Against what is active. Nothing that is done to it changes what agents are told.","x-permission":"knowled\##
        ge.write","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"applicati\##
        on/json":{"schema":{"$ref":"#/components/schemas/NewKnowledgeDraft"},"example":{"name":"refunds","description":"How refu\##
        nds work since May."}}}},"responses":{"201":{"description":"The draft.","content":{"application/json":{"schema":{"$ref":\##
        "#/components/schemas/KnowledgeDraftShown"}}},"headers":{"ETag":{"description":"For If-None-Match.","schema":{"type":"st\##
        ring"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403\##
        ":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/componen\##
        ts/responses/TooSlow"},"409":{"description":"The draft is in another state, or something else is in the way: `errors[0].\##
        field` has the reason.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"413"\##
        :{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"\##
        #/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/respo\##
        nses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"tags":["KnowledgeDrafts"],"operationId":"lis\##
        tKnowledgeDrafts","summary":"List drafts","description":"Newest first.","x-permission":"knowledge.read","parameters":[{"\##
        name":"include_ended","in":"query","required":false,"description":"Also those that were promoted or discarded.","schema"\##
        :{"type":"boolean","default":false}},{"name":"limit","in":"query","required":false,"description":"How many at most.","sc\##
        hema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"descrip\##
        tion":"`next_cursor` of the page before.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"respo\##
        nses":{"200":{"description":"A page of drafts.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Kn\##
        owledgeDraftList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenti\##
        cated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref"\##
        :"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/\##
        Unavailable"}}}},"/api/v1/kb/drafts/{name}":{"get":{"tags":["KnowledgeDrafts"],"operationId":"getKnowledgeDraft","summar\##
        y":"Show a draft","description":"With how much it changes and what reviewers said.","x-permission":"knowledge.read","par\##
        ameters":[{"name":"name","in":"path","required":true,"description":"The draft's name, or its id.","schema":{"type":"stri\##
        ng"}},{"name":"If-None-Match","in":"header","required":false,"description":"An ETag that the client has; answered with 3\##
        04 if it is still right.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"d\##
        escription":"The draft.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeDraftShown"}}},"\##
        headers":{"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"304":{"description":"The client has\##
         it.","headers":{"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/re\##
        sponses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbid\##
        den"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/\##
        components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"patch":{"tags":["KnowledgeDrafts"],\##
        "operationId":"updateKnowledgeDraft","summary":"Rename or describe a draft","description":"Of a draft that has not ended\##
        . One that is being promoted keeps its name until that ends (409).","x-permission":"knowledge.write","parameters":[{"nam\##
        e":"name","in":"path","required":true,"description":"The draft's name, or its id.","schema":{"type":"string"}},{"$ref":"\##
        #/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/com\##
        ponents/schemas/KnowledgeDraftUpdate"}}}},"responses":{"200":{"description":"The draft.","content":{"application/json":{\##
        "schema":{"$ref":"#/components/schemas/KnowledgeDraftShown"}}},"headers":{"ETag":{"description":"For If-None-Match.","sc\##
        hema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unaut\##
        henticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"\##
        $ref":"#/components/responses/TooSlow"},"409":{"description":"The draft is in another state, or something else is in the\##
         way: `errors[0].field` has the reason.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/P\##
        roblem"}}}},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"\##
        },"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#\##
        /components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"delete":{"tags":["KnowledgeDrafts"\##
        ],"operationId":"discardKnowledgeDraft","summary":"Discard a draft","description":"It stays to be read; its name is free\##
         again.","x-permission":"knowledge.write","parameters":[{"name":"name","in":"path","required":true,"description":"The dr\##
        aft's name, or its id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"204":{"des\##
        cription":"It is discarded."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Un\##
        authenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"409"\##
        :{"description":"The draft is in another state, or something else is in the way: `errors[0].field` has the reason.","con\##
        tent":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"429":{"$ref":"#/components/respo\##
        nses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/a\##
        pi/v1/kb/drafts/{name}/entries":{"get":{"tags":["KnowledgeDrafts"],"operationId":"listKnowledgeDraftEntries","summary":"\##
        List what a draft says","description":"Its base with its changes, in the order of keys, without contents.","x-permission\##
        ":"knowledge.read","parameters":[{"name":"name","in":"path","required":true,"description":"The draft's name, or its id."\##
        ,"schema":{"type":"string"}},{"name":"kind","in":"query","required":false,"description":"Only entries of this kind.","sc\##
        hema":{"type":"string","enum":["article","operation","table"]}},{"name":"tag","in":"query","required":false,"description\##
        ":"Only entries with this tag.","schema":{"type":"string"}},{"name":"prefix","in":"query","required":false,"description"\##
        :"Only entries whose keys begin so.","schema":{"type":"string"}},{"name":"limit","in":"query","required":false,"descript\##
        ion":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"quer\##
        y","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}},{"name":"If-None-Match\##
        ","in":"header","required":false,"description":"An ETag that the client has; answered with 304 if it is still right.","s\##
        chema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"A page of entri\##
        es.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeEntryList"}}},"headers":{"ETag":{"de\##
        scription":"For If-None-Match.","schema":{"type":"string"}}}},"304":{"description":"The client has it.","headers":{"ETag\##
        ":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"},"4\##
        01":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#\##
        /components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/D\##
        efect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/drafts/{name}/entries/{key}":{"get":{"tags":[\##
        "KnowledgeDrafts"],"operationId":"getKnowledgeDraftEntry","summary":"Show an entry as a draft has it","description":"Its\##
         ETag is what an edit of it names.","x-permission":"knowledge.read","parameters":[{"name":"name","in":"path","required":\##
        true,"description":"The draft's name, or its id.","schema":{"type":"string"}},{"name":"key","in":"path","required":true,\##
        "description":"The entry's key, percent-encoded, its slashes as `%2F`.","schema":{"type":"string"}},{"name":"If-None-Mat\##
        ch","in":"header","required":false,"description":"An ETag that the client has; answered with 304 if it is still right.",\##
        "schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The entry.","\##
        content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeEntry"}}},"headers":{"ETag":{"description"\##
        :"For If-None-Match.","schema":{"type":"string"}}}},"304":{"description":"The client has it.","headers":{"ETag":{"descri\##
        ption":"For If-None-Match.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref\##
        ":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/component\##
        s/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"5\##
        03":{"$ref":"#/components/responses/Unavailable"}}},"put":{"tags":["KnowledgeDrafts"],"operationId":"putKnowledgeDraftEn\##
        try","summary":"Put an entry into a draft","description":"Adds it or takes the place of what it says. The request says w\##
        hat it replaces, so that nobody's edit is lost: 412 when something else is there by now.","x-permission":"knowledge.writ\##
        e","parameters":[{"name":"name","in":"path","required":true,"description":"The draft's name, or its id.","schema":{"type\##
        ":"string"}},{"name":"key","in":"path","required":true,"description":"The entry's key, percent-encoded, its slashes as `\##
        %2F`.","schema":{"type":"string"}},{"name":"If-Match","in":"header","required":false,"description":"The ETag of the entr\##
        y that is to be replaced; `*`: whatever it says. Without it and If-None-Match the answer is 428.","schema":{"type":"stri\##
        ng"}},{"name":"If-None-Match","in":"header","required":false,"description":"`*`: the entry must not be there yet.","sche\##
        ma":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"applicatio\##
        n/json":{"schema":{"$ref":"#/components/schemas/NewKnowledgeEntry"}}}},"responses":{"200":{"description":"It says this n\##
        ow, or said it before.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeEntryPut"}}},"hea\##
        ders":{"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"201":{"description":"It is new.","conte\##
        nt":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeEntryPut"}}},"headers":{"ETag":{"description":"\##
        For If-None-Match.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/com\##
        ponents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/respon\##
        ses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"description":"The draft is in another state, or s\##
        omething else is in the way: `errors[0].field` has the reason.","content":{"application/problem+json":{"schema":{"$ref":\##
        "#/components/schemas/Problem"}}}},"412":{"$ref":"#/components/responses/Changed"},"413":{"$ref":"#/components/responses\##
        /TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocess\##
        able"},"428":{"description":"The request does not say what is to be replaced.","content":{"application/problem+json":{"s\##
        chema":{"$ref":"#/components/schemas/Problem"}}}},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/compo\##
        nents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"delete":{"tags":["KnowledgeDrafts"],"ope\##
        rationId":"deleteKnowledgeDraftEntry","summary":"Take an entry out of a draft","description":"The request says what it t\##
        akes out: 412 when something else is there by now.","x-permission":"knowledge.write","parameters":[{"name":"name","in":"\##
        path","required":true,"description":"The draft's name, or its id.","schema":{"type":"string"}},{"name":"key","in":"path"\##
        ,"required":true,"description":"The entry's key, percent-encoded, its slashes as `%2F`.","schema":{"type":"string"}},{"n\##
        ame":"If-Match","in":"header","required":false,"description":"The ETag of the entry that is to be replaced; `*`: whateve\##
        r it says. Without it and If-None-Match the answer is 428.","schema":{"type":"string"}},{"name":"If-None-Match","in":"he\##
        ader","required":false,"description":"`*`: the entry must not be there yet.","schema":{"type":"string"}},{"$ref":"#/comp\##
        onents/parameters/Project"}],"responses":{"204":{"description":"It is not there any more."},"400":{"$ref":"#/components/\##
        responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forb\##
        idden"},"404":{"$ref":"#/components/responses/NotFound"},"409":{"description":"The draft is in another state, or somethi\##
        ng else is in the way: `errors[0].field` has the reason.","content":{"application/problem+json":{"schema":{"$ref":"#/com\##
        ponents/schemas/Problem"}}}},"412":{"$ref":"#/components/responses/Changed"},"428":{"description":"The request does not\##
         say what is to be replaced.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}\##
        ,"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/compone\##
        nts/responses/Unavailable"}}}},"/api/v1/kb/drafts/{name}/diff":{"get":{"tags":["KnowledgeDrafts"],"operationId":"diffKno\##
        wledgeDraft","summary":"Show what a draft changes","description":"In the order of keys.","x-permission":"knowledge.read"\##
        ,"parameters":[{"name":"name","in":"path","required":true,"description":"The draft's name, or its id.","schema":{"type":\##
        "string"}},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","m\##
        inimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of th\##
        e page before.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description\##
        ":"A page of changes.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeChangeList"}}}},"4\##
        00":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#\##
        /components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses\##
        /Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v\##
        1/kb/drafts/{name}/diff/{key}":{"get":{"tags":["KnowledgeDrafts"],"operationId":"diffKnowledgeDraftEntry","summary":"Sho\##
        w how a draft changes an entry","description":"Fields and lines that differ; 404 for an entry that it does not change.",\##
        "x-permission":"knowledge.read","parameters":[{"name":"name","in":"path","required":true,"description":"The draft's name\##
        , or its id.","schema":{"type":"string"}},{"name":"key","in":"path","required":true,"description":"The entry's key, perc\##
        ent-encoded, its slashes as `%2F`.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":\##
        {"200":{"description":"The difference.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeD\##
        ifference"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"}\##
        ,"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/com\##
        ponents/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavail\##
        able"}}}},"/api/v1/kb/drafts/{name}/submit":{"post":{"tags":["KnowledgeDrafts"],"operationId":"submitKnowledgeDraft","su\##
        mmary":"Submit a draft","description":"To those who review it; approved at once where nobody has to.","x-permission":"kn\##
        owledge.write","parameters":[{"name":"name","in":"path","required":true,"description":"The draft's name, or its id.","sc\##
        hema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The draft.","con\##
        tent":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeDraftShown"}}},"headers":{"ETag":{"descriptio\##
        n":"For If-None-Match.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#\##
        /components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/re\##
        sponses/NotFound"},"409":{"description":"The draft is in another state, or something else is in the way: `errors[0].fiel\##
        d` has the reason.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"429":{"$\##
        ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/respon\##
        ses/Unavailable"}}}},"/api/v1/kb/drafts/{name}/withdraw":{"post":{"tags":["KnowledgeDrafts"],"operationId":"withdrawKnow\##
        ledgeDraft","summary":"Withdraw a draft","description":"Back to open, to be edited.","x-permission":"knowledge.write","p\##
        arameters":[{"name":"name","in":"path","required":true,"description":"The draft's name, or its id.","schema":{"type":"st\##
        ring"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The draft.","content":{"applicati\##
        on/json":{"schema":{"$ref":"#/components/schemas/KnowledgeDraftShown"}}},"headers":{"ETag":{"description":"For If-None-M\##
        atch.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/respo\##
        nses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"\##
        },"409":{"description":"The draft is in another state, or something else is in the way: `errors[0].field` has the reason\##
        .","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"429":{"$ref":"#/component\##
        s/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}\##
        }}},"/api/v1/kb/drafts/{name}/review":{"post":{"tags":["KnowledgeDrafts"],"operationId":"reviewKnowledgeDraft","summary"\##
        :"Review a draft","description":"Approves it, or sends it back to be changed. Reviews are by people, of the version they\##
         read, and never of a draft that they wrote in or submitted.","x-permission":"knowledge.review","parameters":[{"name":"n\##
        ame","in":"path","required":true,"description":"The draft's name, or its id.","schema":{"type":"string"}},{"$ref":"#/com\##
        ponents/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/componen\##
        ts/schemas/NewKnowledgeReview"}}}},"responses":{"200":{"description":"The draft.","content":{"application/json":{"schema\##
        ":{"$ref":"#/components/schemas/KnowledgeDraftShown"}}},"headers":{"ETag":{"description":"For If-None-Match.","schema":{\##
        "type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthentica\##
        ted"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"\##
        #/components/responses/TooSlow"},"409":{"description":"The draft is in another state, or something else is in the way: `\##
        errors[0].field` has the reason.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"\##
        }}}},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422"\##
        :{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/compon\##
        ents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/drafts/{name}/rebase":{"post"\##
        :{"tags":["KnowledgeDrafts"],"operationId":"rebaseKnowledgeDraft","summary":"Put a draft against what is active","descri\##
        ption":"What became active since its base is merged with what it changes, entry by entry and field by field. What both c\##
        hanged otherwise is a conflict: the answer is 409 and names each, and nothing changes until `resolutions` say what they\##
         are to be. The draft is open afterwards.","x-permission":"knowledge.write","parameters":[{"name":"name","in":"path","re\##
        quired":true,"description":"The draft's name, or its id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/P\##
        roject"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Knowledge\##
        RebaseRequest"}}}},"responses":{"200":{"description":"The draft, and how many entries both had changed.","content":{"app\##
        lication/json":{"schema":{"$ref":"#/components/schemas/KnowledgeRebased"}}}},"400":{"$ref":"#/components/responses/Malfo\##
        rmed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{\##
        "$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"description":"Conflict\##
        s, or the reason why the draft cannot be rebased.","content":{"application/problem+json":{"schema":{"$ref":"#/components\##
        /schemas/KnowledgeRebaseProblem"}}}},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/respon\##
        ses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/L\##
        imited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/\##
        kb/drafts/{name}/promote":{"post":{"tags":["KnowledgeDrafts"],"operationId":"promoteKnowledgeDraft","summary":"Promote a\##
         draft","description":"Of an approved draft whose base is active. The task builds it, lets it pass the gate if there is\##
         one, and makes it the active revision in one step; when it fails, what is active stays, and its error says why.","x-per\##
        mission":"knowledge.promote","parameters":[{"name":"name","in":"path","required":true,"description":"The draft's name, o\##
        r its id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"conte\##
        nt":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgePromotionRequest"}}}},"responses":{"202":{"desc\##
        ription":"The promotion's task.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Task"}}}},"400":{\##
        "$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/comp\##
        onents/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooS\##
        low"},"409":{"description":"The draft is in another state, or something else is in the way: `errors[0].field` has the re\##
        ason.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"413":{"$ref":"#/compo\##
        nents/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/resp\##
        onses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"50\##
        3":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/drafts/{name}/openapi":{"post":{"tags":["KnowledgeDrafts\##
        "],"operationId":"uploadKnowledgeOpenAPI","summary":"Upload an OpenAPI document","description":"OpenAPI 3.0 or 3.1 in JS\##
        ON or YAML, up to 32 MiB. A worker makes an entry of each operation; those of an earlier upload of this name that are no\##
        t in it any more go. The task says how far it has come, and names every problem with its place.","x-permission":"knowled\##
        ge.write","parameters":[{"name":"name","in":"path","required":true,"description":"The draft's name, or its id.","schema"\##
        :{"type":"string"}},{"name":"document","in":"query","required":true,"description":"A name for the document: 1 to 100 of\##
         a-z, 0-9, dots, underscores and hyphens.","schema":{"type":"string","pattern":"^[a-z0-9][a-z0-9._-]{0,99}$"}},{"$ref":"\##
        #/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"objec\##
        t","description":"The document.","additionalProperties":true}},"application/yaml":{"schema":{"type":"string","descriptio\##
        n":"The document."}}}},"responses":{"202":{"description":"The upload's task.","content":{"application/json":{"schema":{"\##
        $ref":"#/components/schemas/Task"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/resp\##
        onses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound\##
        "},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"description":"The draft is in another state, or something els\##
        e is in the way: `errors[0].field` has the reason.","content":{"application/problem+json":{"schema":{"$ref":"#/component\##
        s/schemas/Problem"}}}},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsupporte\##
        dMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500"\##
        :{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/drafts/{nam\##
        e}/markdown":{"post":{"tags":["KnowledgeDrafts"],"operationId":"uploadKnowledgeMarkdown","summary":"Upload a folder of M\##
        arkdown","description":"A zip of Markdown files, as the export has them or of any other folder, up to 32 MiB. A worker m\##
        akes an entry of each.","x-permission":"knowledge.write","parameters":[{"name":"name","in":"path","required":true,"descr\##
        iption":"The draft's name, or its id.","schema":{"type":"string"}},{"name":"document","in":"query","required":false,"des\##
        cription":"A name for the document: 1 to 100 of a-z, 0-9, dots, underscores and hyphens. `markdown` by default.","schema\##
        ":{"type":"string","pattern":"^[a-z0-9][a-z0-9._-]{0,99}$"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{\##
        "required":true,"content":{"application/zip":{"schema":{"type":"string","format":"binary","description":"The archive."}}\##
        }},"responses":{"202":{"description":"The upload's task.","content":{"application/json":{"schema":{"$ref":"#/components/\##
        schemas/Task"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticate\##
        d"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/\##
        components/responses/TooSlow"},"409":{"description":"The draft is in another state, or something else is in the way: `er\##
        rors[0].field` has the reason.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}\##
        }},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{\##
        "$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/componen\##
        ts/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/drafts/{name}/tables":{"post":{\##
        "tags":["KnowledgeDrafts"],"operationId":"importKnowledgeTables","summary":"Import tables from CREATE TABLE text","descr\##
        iption":"A dump without rows, of PostgreSQL, MySQL or SQLite, up to 16 MiB. Statements that cannot be read are left out\##
         and named in `problems`; when no table can be read, the answer is 422 and nothing changes.","x-permission":"knowledge.w\##
        rite","parameters":[{"name":"name","in":"path","required":true,"description":"The draft's name, or its id.","schema":{"t\##
        ype":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/sql":\##
        {"schema":{"type":"string","description":"Statements."}},"text/plain":{"schema":{"type":"string","description":"Statemen\##
        ts."}}}},"responses":{"200":{"description":"What was done.","content":{"application/json":{"schema":{"$ref":"#/component\##
        s/schemas/KnowledgeImported"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses\##
        /Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"4\##
        08":{"$ref":"#/components/responses/TooSlow"},"409":{"description":"The draft is in another state, or something else is\##
         in the way: `errors[0].field` has the reason.","content":{"application/problem+json":{"schema":{"$ref":"#/components/sc\##
        hemas/Problem"}}}},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMed\##
        iaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$\##
        ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/drafts/{name}/t\##
        ables/postgresql":{"post":{"tags":["KnowledgeDrafts"],"operationId":"importKnowledgeTablesFromPostgreSQL","summary":"Imp\##
        ort tables from a PostgreSQL","description":"Reads the catalog of a live database: names, types, keys, comments, no rows\##
        . The connection string is used once, and neither stored nor logged. It must name a host that outbound requests may reac\##
        h.","x-permission":"knowledge.write","parameters":[{"name":"name","in":"path","required":true,"description":"The draft's\##
         name, or its id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":tru\##
        e,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeCatalog"}}}},"responses":{"200":{"descr\##
        iption":"What was done.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeImported"}}}},"4\##
        00":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#\##
        /components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses\##
        /TooSlow"},"409":{"description":"The draft is in another state, or something else is in the way: `errors[0].field` has t\##
        he reason.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"413":{"$ref":"#/\##
        components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components\##
        /responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"\##
        },"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let kbdraftsSchemas = ##"""
        "NewKnowledgeDraft":{"description":"A draft.","type":"object","additionalProperties":false,"required":["name"],"properti\##
        es":{"name":{"type":"string","description":"1 to 100 of a-z, 0-9, dots, underscores and hyphens.","pattern":"^[a-z0-9][a\##
        -z0-9._-]{0,99}$"},"description":{"type":["string","null"],"description":"What it is for.","minLength":1,"maxLength":100\##
        00}}},"KnowledgeDraftUpdate":{"description":"What is left out stays.","type":"object","additionalProperties":false,"requ\##
        ired":[],"properties":{"name":{"type":["string","null"],"description":"1 to 100 of a-z, 0-9, dots, underscores and hyphe\##
        ns.","pattern":"^[a-z0-9][a-z0-9._-]{0,99}$"},"description":{"type":["string","null"],"description":"What it is for.","m\##
        inLength":1,"maxLength":10000}}},"KnowledgeDraft":{"description":"A draft.","type":"object","additionalProperties":false\##
        ,"required":["id","name","description","state","version","base_revision","promoted_revision","created_by","submitted_by"\##
        ,"created_at","updated_at"],"properties":{"id":{"type":"string","description":"Also of the task that has its steps as ev\##
        ents."},"name":{"type":"string","description":"Its name."},"description":{"type":"string","description":"What it is for.\##
        "},"state":{"type":"string","description":"docs/knowledge-base.md has the steps between them.","enum":["open","in_review\##
        ","approved","promoting","promoted","discarded"]},"version":{"type":"integer","description":"Grows with every change of\##
         an entry or of the base, and when it goes back to open: what a review is of."},"base_revision":{"type":"integer","descr\##
        iption":"The revision that its changes are against; 0: nothing."},"promoted_revision":{"type":["integer","null"],"descri\##
        ption":"The revision that it became."},"created_by":{"type":"string","description":"Who made it."},"submitted_by":{"type\##
        ":["string","null"],"description":"Who submitted it last."},"created_at":{"type":"string","description":"When it was mad\##
        e.","format":"date-time"},"updated_at":{"type":"string","description":"When it took its last step.","format":"date-time"\##
        }}},"KnowledgeDraftList":{"description":"A page of drafts.","type":"object","additionalProperties":false,"required":["da\##
        ta","next_cursor"],"properties":{"data":{"type":"array","description":"The page's drafts.","items":{"$ref":"#/components\##
        /schemas/KnowledgeDraft"}},"next_cursor":{"type":["string","null"],"description":"`cursor` of the next page; null on the\##
         last."}}},"KnowledgeReview":{"description":"What somebody said of a draft.","type":"object","additionalProperties":fals\##
        e,"required":["draft_version","user_id","reviewer","decision","comment","created_at"],"properties":{"draft_version":{"ty\##
        pe":"integer","description":"The version that was read."},"user_id":{"type":"string","description":"Who."},"reviewer":{"\##
        type":"string","description":"Who, by name."},"decision":{"type":"string","description":"What.","enum":["approve","reque\##
        st_changes"]},"comment":{"type":"string","description":"Why."},"created_at":{"type":"string","description":"When.","form\##
        at":"date-time"}}},"KnowledgeDraftShown":{"description":"A draft with what became of it.","type":"object","additionalPro\##
        perties":false,"required":["id","name","description","state","version","base_revision","promoted_revision","created_by",\##
        "submitted_by","created_at","updated_at","changes","reviews","promotion_id"],"properties":{"id":{"type":"string","descri\##
        ption":"Also of the task that has its steps as events."},"name":{"type":"string","description":"Its name."},"description\##
        ":{"type":"string","description":"What it is for."},"state":{"type":"string","description":"docs/knowledge-base.md has t\##
        he steps between them.","enum":["open","in_review","approved","promoting","promoted","discarded"]},"version":{"type":"in\##
        teger","description":"Grows with every change of an entry or of the base, and when it goes back to open: what a review i\##
        s of."},"base_revision":{"type":"integer","description":"The revision that its changes are against; 0: nothing."},"promo\##
        ted_revision":{"type":["integer","null"],"description":"The revision that it became."},"created_by":{"type":"string","de\##
        scription":"Who made it."},"submitted_by":{"type":["string","null"],"description":"Who submitted it last."},"created_at"\##
        :{"type":"string","description":"When it was made.","format":"date-time"},"updated_at":{"type":"string","description":"W\##
        hen it took its last step.","format":"date-time"},"changes":{"description":"How many entries it has otherwise than its b\##
        ase.","type":"object","additionalProperties":false,"required":["added","changed","removed"],"properties":{"added":{"type\##
        ":"integer","description":"That the base has not."},"changed":{"type":"integer","description":"That say something else."\##
        },"removed":{"type":"integer","description":"That it has not."}}},"reviews":{"type":"array","description":"Newest first,\##
         at most 500.","items":{"$ref":"#/components/schemas/KnowledgeReview"}},"promotion_id":{"type":["string","null"],"descri\##
        ption":"The task of its last promotion."}}},"NewKnowledgeReview":{"description":"A word on a draft.","type":"object","ad\##
        ditionalProperties":false,"required":["version","decision"],"properties":{"version":{"type":"integer","description":"The\##
         version of the draft that was read.","minimum":0,"maximum":2147483647},"decision":{"type":"string","description":"What\##
         is to become of it.","enum":["approve","request_changes"]},"comment":{"type":["string","null"],"description":"Why.","mi\##
        nLength":1,"maxLength":10000}}},"KnowledgeRebaseRequest":{"description":"How to rebase; `{}`: as far as it goes by itsel\##
        f.","type":"object","additionalProperties":false,"required":[],"properties":{"onto":{"type":["integer","null"],"descript\##
        ion":"The active revision that the resolutions are about.","minimum":0,"maximum":2147483647},"resolutions":{"type":["obj\##
        ect","null"],"description":"By key: `ours`, `theirs`, or an object whose `content` is what the entry is to say, null for\##
         gone.","additionalProperties":true}}},"KnowledgeRebased":{"description":"A rebased draft.","type":"object","additionalP\##
        roperties":false,"required":["draft","merged_count"],"properties":{"draft":{"$ref":"#/components/schemas/KnowledgeDraft"\##
        },"merged_count":{"type":"integer","description":"Entries that both had changed."}}},"KnowledgeConflict":{"description":\##
        "An entry that both changed otherwise. A hash is null where the entry is not there.","type":"object","additionalProperti\##
        es":false,"required":["key","paths","base","ours","theirs"],"properties":{"key":{"type":"string","description":"The entr\##
        y's."},"paths":{"type":"array","description":"Where; empty: one side took the entry away.","items":{"type":"string"}},"b\##
        ase":{"type":["string","null"],"description":"The hash of what it said."},"ours":{"type":["string","null"],"description"\##
        :"Of what the draft says."},"theirs":{"type":["string","null"],"description":"Of what is active."}}},"KnowledgeRebasePro\##
        blem":{"description":"A problem document; with conflicts, these members beside its own.","type":"object","additionalProp\##
        erties":false,"required":["type","title","status","detail","request_id","errors"],"properties":{"type":{"type":"string",\##
        "description":"Which kind of problem; `urn:spandrel:problem:rebase-conflicts` for conflicts."},"title":{"type":"string",\##
        "description":"The status in words."},"status":{"type":"integer","description":"409."},"detail":{"type":"string","descri\##
        ption":"What happened."},"request_id":{"type":"string","description":"The request's."},"errors":{"type":"array","descrip\##
        tion":"The first few, for people.","items":{"type":"object","additionalProperties":true}},"onto":{"type":"integer","desc\##
        ription":"The active revision: give it with the resolutions."},"conflict_count":{"type":"integer","description":"How man\##
        y there are."},"conflicts":{"type":"array","description":"The first of them.","items":{"$ref":"#/components/schemas/Know\##
        ledgeConflict"}}}},"NewKnowledgeEntry":{"description":"What an entry is to say; docs/knowledge-base.md.","type":"object"\##
        ,"additionalProperties":false,"required":["title","kind","content"],"properties":{"title":{"type":"string","description"\##
        :"Its heading.","minLength":1,"maxLength":1024},"kind":{"type":"string","description":"What it is.","enum":["article","o\##
        peration","table"]},"tags":{"type":["array","null"],"description":"What it is found by.","maxItems":64,"items":{"type":"\##
        string","minLength":1,"maxLength":128}},"content":{"type":"object","description":"Of an article `markdown`; of an operat\##
        ion `method`, `path`, `details` and more; of a table `name`, `columns` and more.","additionalProperties":true},"source":\##
        {"description":"What it was written from.","anyOf":[{"$ref":"#/components/schemas/KnowledgeSource"},{"type":"null"}]}}},\##
        "KnowledgeEntryPut":{"description":"What became of an entry.","type":"object","additionalProperties":false,"required":["\##
        key","hash","change","draft_version"],"properties":{"key":{"type":"string","description":"The entry's."},"hash":{"type":\##
        "string","description":"Of what it says: its ETag."},"change":{"type":"string","description":"Against what the draft sai\##
        d before.","enum":["added","changed","unchanged"]},"draft_version":{"type":"integer","description":"Of the draft, afterw\##
        ards."}}},"KnowledgeCatalog":{"description":"Where tables are described.","type":"object","additionalProperties":false,"\##
        required":["connection_string"],"properties":{"connection_string":{"type":"string","description":"`postgres://USER:PASSW\##
        ORD@HOST:PORT/DATABASE`, or libpq's `key=value`.","minLength":1,"maxLength":4000},"schemas":{"type":["array","null"],"de\##
        scription":"Which; all that are not the system's by default.","maxItems":100,"items":{"type":"string","minLength":1,"max\##
        Length":128}}}},"KnowledgeImportProblem":{"description":"Something that was left out, or is not quite what was written."\##
        ,"type":"object","additionalProperties":false,"required":["severity","line","column","message"],"properties":{"severity"\##
        :{"type":"string","description":"`error`: a table was left out.","enum":["error","warning"]},"line":{"type":["integer","\##
        null"],"description":"From 1."},"column":{"type":["integer","null"],"description":"From 1."},"message":{"type":"string",\##
        "description":"What is wrong."}}},"KnowledgeImported":{"description":"What became of tables.","type":"object","additiona\##
        lProperties":false,"required":["draft_version","added_count","changed_count","unchanged_count","problems","omitted_probl\##
        em_count"],"properties":{"draft_version":{"type":"integer","description":"Of the draft, afterwards."},"added_count":{"ty\##
        pe":"integer","description":"Entries added."},"changed_count":{"type":"integer","description":"Entries changed."},"uncha\##
        nged_count":{"type":"integer","description":"Entries that were there as they are."},"problems":{"type":"array","descript\##
        ion":"The first 500.","items":{"$ref":"#/components/schemas/KnowledgeImportProblem"}},"omitted_problem_count":{"type":"i\##
        nteger","description":"Problems beyond those."}}}
        """##
}
