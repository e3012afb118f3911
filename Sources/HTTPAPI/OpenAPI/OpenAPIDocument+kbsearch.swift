/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let kbsearchPaths = ##"""
        "/api/v1/kb/search":{"post":{"tags":["Knowledge"],"operationId":"searchKnowledge","summary":"Search the knowledge base",\##
        "description":"Passages of the active revision, of an earlier one or of a draft that answer a question. Hybrid search ra\##
        nks what is found by words and by vectors together (reciprocal-rank fusion); where no question's vector is to be had it\##
         goes by words alone, and the answer says why. Each search is a span (`retrieval`) in the project's traces.","x-permissi\##
        on":"knowledge.read","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":\##
        {"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeQuestion"},"example":{"query":"How long does a refu\##
        nd take?","limit":5}}}},"responses":{"200":{"description":"The passages, the best first, and how they were searched for.\##
        ","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KnowledgeAnswer"}}}},"400":{"$ref":"#/components\##
        /responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/For\##
        bidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":\##
        "#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/compone\##
        nts/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defe\##
        ct"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let kbsearchSchemas = ##"""
        "KnowledgeQuestion":{"description":"What is asked of which state of the knowledge base.","type":"object","additionalProp\##
        erties":false,"required":["query"],"properties":{"query":{"type":"string","description":"The question.","minLength":1,"m\##
        axLength":8192},"source":{"description":"What is searched: `active` (the default), a revision by its number, a draft by\##
         its name.","oneOf":[{"type":"string","enum":["active"]},{"type":"object","additionalProperties":false,"required":["revi\##
        sion"],"properties":{"revision":{"type":"integer","minimum":1,"maximum":2147483647,"description":"Number of a revision."\##
        }}},{"type":"object","additionalProperties":false,"required":["draft"],"properties":{"draft":{"type":"string","descripti\##
        on":"Name of a draft."}}},{"type":"null"}]},"kinds":{"type":["array","null"],"description":"Of which an entry must be on\##
        e.","items":{"type":"string","enum":["article","operation","table"]},"maxItems":64},"tags":{"type":["array","null"],"des\##
        cription":"All of which an entry must have.","items":{"type":"string"},"maxItems":64},"limit":{"type":["integer","null"]\##
        ,"description":"Passages at most; 10 when nothing is said.","minimum":1,"maximum":50},"mode":{"type":["string","null"],"\##
        description":"By words and vectors (`hybrid`, the default), by words (`text`) or by vectors (`vector`).","enum":["hybrid\##
        ","text","vector",null]},"embedding_model":{"type":["string","null"],"description":"Whose vectors are searched, as provi\##
        der/model; without it those that the revision was promoted with."},"trace_id":{"type":["string","null"],"description":"W\##
        ith `span_id`: the span of whoever asks, below which the search's span is put. 32 hexadecimal digits."},"span_id":{"type\##
        ":["string","null"],"description":"16 hexadecimal digits."}}},"KnowledgeAnswer":{"description":"What was found, and how.\##
        ","type":"object","additionalProperties":false,"required":["revision","draft_id","draft_version","mode","mode_reason","e\##
        mbedding_model","unembedded_chunks","data"],"properties":{"revision":{"type":"integer","description":"The revision that\##
         was searched; of a draft, its base. 0: nothing was ever promoted."},"draft_id":{"type":["string","null"],"description":\##
        "The draft that was searched; null: the revision as it is."},"draft_version":{"type":["integer","null"],"description":"W\##
        hich of its versions."},"mode":{"type":"string","description":"How it was searched.","enum":["hybrid","text","vector"]},\##
        "mode_reason":{"type":["string","null"],"description":"Why not as it was asked for; null when it was."},"embedding_model\##
        ":{"type":["string","null"],"description":"What made the vectors; null where none took part."},"unembedded_chunks":{"typ\##
        e":"integer","description":"Passages that have no vector yet and are found by words alone."},"data":{"type":"array","des\##
        cription":"The best first.","items":{"$ref":"#/components/schemas/KnowledgePassage"}}}},"KnowledgePassage":{"description\##
        ":"A part of an entry.","type":"object","additionalProperties":false,"required":["key","kind","title","tags","position",\##
        "heading_path","text","score","explanation"],"properties":{"key":{"type":"string","description":"The entry's key."},"kin\##
        d":{"type":"string","description":"The entry's kind.","enum":["article","operation","table"]},"title":{"type":"string","\##
        description":"The entry's title."},"tags":{"type":"array","description":"The entry's tags.","items":{"type":"string"}},"\##
        position":{"type":"integer","description":"Which of the entry's passages, from 0 on."},"heading_path":{"type":"array","d\##
        escription":"Headings above it, the outermost first.","items":{"type":"string"}},"text":{"type":"string","description":"\##
        What it says, as Markdown."},"score":{"type":"number","description":"Sum of 1 / (60 + rank) over both lists; only its or\##
        der within this answer means anything."},"explanation":{"type":"object","description":"Where it stands in each list.","a\##
        dditionalProperties":false,"required":["text","vector"],"properties":{"text":{"description":"Among what was found by wor\##
        ds; null: it is not there.","type":["object","null"],"additionalProperties":false,"required":["rank","score","density"],\##
        "properties":{"rank":{"type":"integer","description":"From 1 on."},"score":{"type":"number","description":"Sum of the in\##
        verse document frequencies of the question's words that it has."},"density":{"type":"number","description":"How close to\##
        gether they stand."}}},"vector":{"description":"Among what was found by vectors; null: it is not there.","type":["object\##
        ","null"],"additionalProperties":false,"required":["rank","cosine"],"properties":{"rank":{"type":"integer","description"\##
        :"From 1 on."},"cosine":{"type":"number","description":"Cosine of its vector and the question's."}}}}}}}
        """##
}
