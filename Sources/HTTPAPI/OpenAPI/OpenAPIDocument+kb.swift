/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let kbPaths = ##"""
        "/api/v1/kb/settings":{"get":{"tags":["Knowledge"],"operationId":"getKnowledgeSettings","summary":"Show what a promotion\##
         must pass","description":"Of a project that never set any, the defaults.","x-permission":"knowledge.read","parameters":\##
        [{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The settings.","content":{"application/j\##
        son":{"schema":{"$ref":"#/components/schemas/KnowledgeSettings"}}}},"400":{"$ref":"#/components/responses/Malformed"},"4\##
        01":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#\##
        /components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/D\##
        efect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"put":{"tags":["Knowledge"],"operationId":"replaceKnowledg\##
        eSettings","summary":"Say what a promotion must pass","description":"How many people must approve a draft, and the run t\##
        hat it must pass. Counts for drafts that are submitted, and promotions that are asked for, from then on.","x-permission"\##
        :"knowledge.promote","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":\##
        {"application/json":{"schema":{"$ref":"#/components/schemas/NewKnowledgeSettings"},"example":{"required_approvals":0}}}}\##
        ,"responses":{"200":{"description":"The settings.","content":{"application/json":{"schema":{"$ref":"#/components/schemas\##
        /KnowledgeSettings"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthen\##
        ticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$re\##
        f":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/respon\##
        ses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/L\##
        imited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/\##
        kb/active":{"get":{"tags":["Knowledge"],"operationId":"getActiveKnowledge","summary":"Show which revision is active","de\##
        scription":"With `after` and `wait` the answer comes once a later revision than `after` is active, or when the time is o\##
        ver: what agents hold is fresh without asking again and again. Revision 0: nothing was ever promoted.","x-permission":"k\##
        nowledge.read","parameters":[{"name":"after","in":"query","required":false,"description":"The revision that the client k\##
        nows.","schema":{"type":"integer","minimum":-1,"maximum":2147483647}},{"name":"wait","in":"query","required":false,"desc\##
        ription":"Seconds to wait for a later one.","schema":{"type":"integer","minimum":0,"maximum":50,"default":0}},{"name":"I\##
        f-None-Match","in":"header","required":false,"description":"An ETag that the client has; answered with 304 if it is stil\##
        l right.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The\##
         active revision.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/ActiveKnowledge"}}},"headers":{\##
        "ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"304":{"description":"The client has it.","head\##
        ers":{"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Mal\##
        formed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404"\##
        :{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/\##
        responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/active/entries":{"get":{"tags":["K\##
        nowledge"],"operationId":"listActiveKnowledgeEntries","summary":"List what agents are told","description":"In the order\##
         of keys, without contents. All pages are of the revision of the first, whatever becomes active meanwhile.","x-permissio\##
        n":"knowledge.read","parameters":[{"name":"kind","in":"query","required":false,"description":"Only entries of this kind.\##
        ","schema":{"type":"string","enum":["article","operation","table"]}},{"name":"tag","in":"query","required":false,"descri\##
        ption":"Only entries with this tag.","schema":{"type":"string"}},{"name":"prefix","in":"query","required":false,"descrip\##
        tion":"Only entries whose keys begin so.","schema":{"type":"string"}},{"name":"limit","in":"query","required":false,"des\##
        cription":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":\##
        "query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}},{"name":"If-None-\##
        Match","in":"header","required":false,"description":"An ETag that the client has; answered with 304 if it is still right\##
        .","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"A page of\##
         entries.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeEntryList"}}},"headers":{"ETag\##
        ":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"304":{"description":"The client has it.","headers":\##
        {"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malforme\##
        d"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$r\##
        ef":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/respo\##
        nses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/active/entries/{key}":{"get":{"tags":["\##
        Knowledge"],"operationId":"getActiveKnowledgeEntry","summary":"Show an entry as it is active","description":"Its ETag is\##
         the hash of what it says.","x-permission":"knowledge.read","parameters":[{"name":"key","in":"path","required":true,"des\##
        cription":"The entry's key, percent-encoded, its slashes as `%2F`.","schema":{"type":"string"}},{"name":"format","in":"q\##
        uery","required":false,"description":"JSON, or the text for readers as Markdown.","schema":{"type":"string","enum":["jso\##
        n","markdown"],"default":"json"}},{"name":"If-None-Match","in":"header","required":false,"description":"An ETag that the\##
         client has; answered with 304 if it is still right.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Proje\##
        ct"}],"responses":{"200":{"description":"The entry.","content":{"application/json":{"schema":{"$ref":"#/components/schem\##
        as/KnowledgeEntry"}},"text/markdown":{"schema":{"type":"string","description":"The entry as readers see it."}}},"headers\##
        ":{"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"304":{"description":"The client has it.","h\##
        eaders":{"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/\##
        Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"4\##
        04":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/componen\##
        ts/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/kb/active/export":{"get":{"tags":[\##
        "Knowledge"],"operationId":"exportActiveKnowledge","summary":"Export what is active as a zip","description":"Markdown fi\##
        les with front matter, and an OpenAPI document for each that operations came from; docs/knowledge-base.md. At most 96 Mi\##
        B of contents.","x-permission":"knowledge.read","parameters":[{"name":"If-None-Match","in":"header","required":false,"de\##
        scription":"An ETag that the client has; answered with 304 if it is still right.","schema":{"type":"string"}},{"$ref":"#\##
        /components/parameters/Project"}],"responses":{"200":{"description":"The archive.","content":{"application/zip":{"schema\##
        ":{"type":"string","format":"binary","description":"A zip."}}},"headers":{"ETag":{"description":"For If-None-Match.","sc\##
        hema":{"type":"string"}},"Content-Disposition":{"description":"A name for the file.","schema":{"type":"string"}}}},"304"\##
        :{"description":"The client has it.","headers":{"ETag":{"description":"For If-None-Match.","schema":{"type":"string"}}}}\##
        ,"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref"\##
        :"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"$ref":"#/components/respon\##
        ses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503"\##
        :{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let kbSchemas = ##"""
        "KnowledgeSettings":{"description":"What a promotion must pass.","type":"object","additionalProperties":false,"required"\##
        :["required_approvals","gate"],"properties":{"required_approvals":{"type":"integer","description":"How many people must\##
         approve a draft."},"gate":{"type":["object","null"],"description":"The run that it must pass, as `startRun` takes it; n\##
        ull: none.","additionalProperties":true}}},"NewKnowledgeSettings":{"description":"What a promotion must pass; what is le\##
        ft out is the default.","type":"object","additionalProperties":false,"required":[],"properties":{"required_approvals":{"\##
        type":["integer","null"],"description":"How many people must approve a draft; 0 by default.","minimum":0,"maximum":10},"\##
        gate":{"type":["object","null"],"description":"A body of `startRun`, whose prompts see the draft; null: none.","addition\##
        alProperties":true}}},"KnowledgeRevision":{"description":"A state of the whole knowledge base.","type":"object","additio\##
        nalProperties":false,"required":["revision","draft_id","draft_name","restored_revision","message","entry_count","embeddi\##
        ng_model","promoted_by","promoted_at"],"properties":{"revision":{"type":"integer","description":"Its number, from 1."},"\##
        draft_id":{"type":["string","null"],"description":"The draft it came from; null: it is an earlier revision again."},"dra\##
        ft_name":{"type":["string","null"],"description":"The draft's name."},"restored_revision":{"type":["integer","null"],"de\##
        scription":"The revision that was gone back to."},"message":{"type":"string","description":"Why, as whoever promoted it\##
         said."},"entry_count":{"type":"integer","description":"How many entries it has."},"embedding_model":{"type":["string","\##
        null"],"description":"As provider/model; null: it is found by words alone."},"promoted_by":{"type":"string","description\##
        ":"Who asked for it."},"promoted_at":{"type":"string","description":"When it became active.","format":"date-time"}}},"Ac\##
        tiveKnowledge":{"description":"What is active.","type":"object","additionalProperties":false,"required":["revision","ent\##
        ry_count","promoted"],"properties":{"revision":{"type":"integer","description":"The active revision; 0: none."},"entry_c\##
        ount":{"type":"integer","description":"How many entries it has."},"promoted":{"description":"Where it came from; null fo\##
        r revision 0.","anyOf":[{"$ref":"#/components/schemas/KnowledgeRevision"},{"type":"null"}]}}},"KnowledgeSource":{"descri\##
        ption":"What somebody wrote an entry from.","type":"object","additionalProperties":false,"required":["trace_id","span_id\##
        "],"properties":{"trace_id":{"type":"string","description":"The trace."},"span_id":{"type":["string","null"],"descriptio\##
        n":"The span, if it was one."}}},"KnowledgeEntry":{"description":"An entry. `content` is there where one entry is asked\##
         for.","type":"object","additionalProperties":false,"required":["key","kind","title","tags","hash","author","source","in\##
        troduced_in"],"properties":{"key":{"type":"string","description":"What it is called; never changes."},"kind":{"type":"st\##
        ring","description":"What it is.","enum":["article","operation","table"]},"title":{"type":"string","description":"Its he\##
        ading."},"tags":{"type":"array","description":"What it is found by.","items":{"type":"string"}},"hash":{"type":"string",\##
        "description":"Of what it says: its ETag."},"author":{"type":"string","description":"Who wrote it."},"source":{"descript\##
        ion":"What it was written from.","anyOf":[{"$ref":"#/components/schemas/KnowledgeSource"},{"type":"null"}]},"introduced_\##
        in":{"type":["integer","null"],"description":"Since which revision it says this; null: it is a draft's change."},"conten\##
        t":{"type":"object","description":"`title`, `kind`, `tags` and `content`; docs/knowledge-base.md.","additionalProperties\##
        ":true}}},"KnowledgeEntryList":{"description":"A page of entries.","type":"object","additionalProperties":false,"require\##
        d":["revision","data","next_cursor"],"properties":{"revision":{"type":"integer","description":"Which revision they are o\##
        f; of a draft, its base."},"draft_version":{"type":"integer","description":"Of a draft: which version they are of."},"da\##
        ta":{"type":"array","description":"The page's entries, without contents.","items":{"$ref":"#/components/schemas/Knowledg\##
        eEntry"}},"next_cursor":{"type":["string","null"],"description":"`cursor` of the next page; null on the last."}}},"Knowl\##
        edgeSide":{"description":"What an entry says on one side.","type":"object","additionalProperties":false,"required":["has\##
        h","kind","title"],"properties":{"hash":{"type":"string","description":"Of what it says."},"kind":{"type":"string","desc\##
        ription":"What it is."},"title":{"type":"string","description":"Its heading."}}},"KnowledgeChange":{"description":"An en\##
        try that two states have differently.","type":"object","additionalProperties":false,"required":["key","change","before",\##
        "after"],"properties":{"key":{"type":"string","description":"The entry's."},"change":{"type":"string","description":"Wha\##
        t became of it.","enum":["added","changed","removed"]},"before":{"description":"What it said; null: it was not there.","\##
        anyOf":[{"$ref":"#/components/schemas/KnowledgeSide"},{"type":"null"}]},"after":{"description":"What it says; null: it i\##
        s not there.","anyOf":[{"$ref":"#/components/schemas/KnowledgeSide"},{"type":"null"}]},"author":{"type":"string","descri\##
        ption":"Of a draft: who changed it."},"source":{"description":"Of a draft: what it was written from.","anyOf":[{"$ref":"\##
        #/components/schemas/KnowledgeSource"},{"type":"null"}]},"updated_at":{"type":"string","description":"Of a draft: when."\##
        ,"format":"date-time"}}},"KnowledgeChangeList":{"description":"A page of changes, in the order of keys.","type":"object"\##
        ,"additionalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"array","description":"The\##
         page's changes.","items":{"$ref":"#/components/schemas/KnowledgeChange"}},"next_cursor":{"type":["string","null"],"desc\##
        ription":"`cursor` of the next page; null on the last."}}},"KnowledgeFieldDifference":{"description":"A field that is an\##
        other.","type":"object","additionalProperties":false,"required":["path"],"properties":{"path":{"type":"string","descript\##
        ion":"Which, as `content.columns[\"id\"].type`."},"old":{"description":"What it was; not there: it was not."},"new":{"de\##
        scription":"What it is; not there: it is not."}}},"KnowledgeDifference":{"description":"What an entry says otherwise, in\##
         text and structure.","type":"object","additionalProperties":false,"required":["key","change","before","after","fields",\##
        "text"],"properties":{"key":{"type":"string","description":"The entry's."},"change":{"type":"string","description":"What\##
         became of it.","enum":["added","changed","removed"]},"before":{"description":"What it said; null: it was not there.","a\##
        nyOf":[{"$ref":"#/components/schemas/KnowledgeSide"},{"type":"null"}]},"after":{"description":"What it says; null: it is\##
         not there.","anyOf":[{"$ref":"#/components/schemas/KnowledgeSide"},{"type":"null"}]},"author":{"type":"string","descrip\##
        tion":"Of a draft: who changed it."},"source":{"description":"Of a draft: what it was written from.","anyOf":[{"$ref":"#\##
        /components/schemas/KnowledgeSource"},{"type":"null"}]},"updated_at":{"type":"string","description":"Of a draft: when.",\##
        "format":"date-time"},"fields":{"type":"array","description":"An article's text is not among them: its lines tell.","ite\##
        ms":{"$ref":"#/components/schemas/KnowledgeFieldDifference"}},"text":{"type":"string","description":"The lines of its Ma\##
        rkdown that differ, as `diff -u` prints them."}}}
        """##
}
