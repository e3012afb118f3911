/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let scoresPaths = ##"""
        "/api/v1/scores":{"post":{"tags":["Scores"],"operationId":"createScore","summary":"Score an outcome, a trace or a span",\##
        "description":"What a person or an application thinks of it: `source` is `person` for a signed-in user and `application`\##
         for a key. At least one of `value`, `passed` and `label` must be there. Scores are never changed: whoever thinks otherw\##
        ise writes another.","x-permission":"scores.write","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBod\##
        y":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewScore"},"example":{"name":"\##
        helpful","passed":true,"reason":"The customer thanked.","trace_id":"0af7651916cd43dd8448eb211c80319c"}}}},"responses":{"\##
        201":{"description":"The score.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Score"}}}},"400":\##
        {"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/com\##
        ponents/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/Too\##
        Slow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"42\##
        2":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/comp\##
        onents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"tags":["Scores"],"operationId":"\##
        listScores","summary":"List scores","description":"Of all sources, newest first. All of the parameters must hold.","x-pe\##
        rmission":"scores.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"trace_id","in":"query","requir\##
        ed":false,"description":"Of this trace.","schema":{"type":"string"}},{"name":"span_id","in":"query","required":false,"de\##
        scription":"Of this span of that trace.","schema":{"type":"string"}},{"name":"outcome_id","in":"query","required":false,\##
        "description":"Of this outcome.","schema":{"type":"string"}},{"name":"name","in":"query","required":false,"description":\##
        "Of this name.","schema":{"type":"string"}},{"name":"source","in":"query","required":false,"description":"Of these only.\##
        ","schema":{"type":"string","enum":["scorer","person","application"]}},{"name":"limit","in":"query","required":false,"de\##
        scription":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in"\##
        :"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"2\##
        00":{"description":"A page of scores.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/ScoreList"}\##
        }}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$r\##
        ef":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/res\##
        ponses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let scoresSchemas = ##"""
        "Score":{"description":"A judgement.","type":"object","additionalProperties":false,"required":["id","name","source","val\##
        ue","passed","label","reason","error","kind","model","outcome_id","trace_id","span_id","author","created_at"],"propertie\##
        s":{"id":{"type":"string","description":"The score's id.","format":"uuid"},"name":{"type":"string","description":"What i\##
        s judged."},"source":{"type":"string","description":"Who judged.","enum":["scorer","person","application"]},"value":{"ty\##
        pe":["number","null"],"description":"A number."},"passed":{"type":["boolean","null"],"description":"Whether it is good e\##
        nough."},"label":{"type":["string","null"],"description":"A word."},"reason":{"type":"string","description":"Why."},"err\##
        or":{"type":["string","null"],"description":"Why the scorer itself failed; then it says nothing of what it was to judge.\##
        "},"kind":{"type":["string","null"],"description":"Of a scorer: its kind."},"model":{"type":["string","null"],"descripti\##
        on":"Of a judge: the model."},"outcome_id":{"type":["string","null"],"description":"The outcome it judges.","format":"uu\##
        id"},"trace_id":{"type":["string","null"],"description":"The trace it judges, or that of the outcome."},"span_id":{"type\##
        ":["string","null"],"description":"The span it judges, or that of the outcome."},"author":{"type":["string","null"],"des\##
        cription":"Of a person or an application: who sent it."},"created_at":{"type":"string","description":"When it was made.\##
         RFC 3339 with nanoseconds, UTC.","format":"date-time"}}},"ScoreList":{"type":"object","additionalProperties":false,"req\##
        uired":["data","next_cursor"],"properties":{"data":{"type":"array","description":"Scores.","items":{"$ref":"#/components\##
        /schemas/Score"}},"next_cursor":{"type":["string","null"],"description":"For the next page; null on the last one."}}},"N\##
        ewScore":{"description":"A judgement to be kept: of an outcome, or of a trace, or of a span of one.","type":"object","ad\##
        ditionalProperties":false,"required":["name"],"properties":{"name":{"type":"string","description":"What is judged.","min\##
        Length":1,"maxLength":100},"value":{"type":["number","null"],"description":"A number."},"passed":{"type":["boolean","nul\##
        l"],"description":"Whether it is good enough."},"label":{"type":["string","null"],"description":"A word.","maxLength":20\##
        0},"reason":{"type":["string","null"],"description":"Why.","maxLength":20000},"outcome_id":{"type":["string","null"],"de\##
        scription":"The outcome it judges.","format":"uuid"},"trace_id":{"type":["string","null"],"description":"The trace it ju\##
        dges: 32 hexadecimal digits."},"span_id":{"type":["string","null"],"description":"The span of that trace: 16 hexadecimal\##
         digits."}}}
        """##
}
