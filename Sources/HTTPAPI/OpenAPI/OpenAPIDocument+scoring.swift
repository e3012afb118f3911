/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let scoringPaths = ##"""
        "/api/v1/score-rules":{"post":{"tags":["Scoring"],"operationId":"createScoreRule","summary":"Create a score rule","descr\##
        iption":"It holds for spans that arrive from now on.","x-permission":"runs.start","parameters":[{"$ref":"#/components/pa\##
        rameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas\##
        /NewScoreRule"},"example":{"name":"no refusals","filter":{"kind":{"_eq":"llm"}},"scorers":[{"kind":"contains","none":["I\##
         cannot"]}],"sampling_rate":0.1}}}},"responses":{"201":{"description":"The rule.","content":{"application/json":{"schema\##
        ":{"$ref":"#/components/schemas/ScoreRule"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/compon\##
        ents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses\##
        /NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"},"413":{"$re\##
        f":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/comp\##
        onents/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/D\##
        efect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"tags":["Scoring"],"operationId":"listScoreRules","\##
        summary":"List score rules","description":"Newest first.","x-permission":"scores.read","parameters":[{"$ref":"#/componen\##
        ts/parameters/Project"},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type"\##
        :"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_\##
        cursor` of the page before.","schema":{"type":"string"}},{"name":"include_archived","in":"query","required":false,"descr\##
        iption":"Archived ones, too.","schema":{"type":"boolean","default":false}}],"responses":{"200":{"description":"A page of\##
         rules.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/ScoreRuleList"}}}},"400":{"$ref":"#/compo\##
        nents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/response\##
        s/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$\##
        ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/score-rules/{rule_\##
        id}":{"get":{"tags":["Scoring"],"operationId":"getScoreRule","summary":"Show a score rule","description":"With what it d\##
        ecided and spent today.","x-permission":"scores.read","parameters":[{"name":"rule_id","in":"path","required":true,"descr\##
        iption":"The rule's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"de\##
        scription":"The rule.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/ScoreRule"}}}},"400":{"$ref\##
        ":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/component\##
        s/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"}\##
        ,"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"patch":{"tags":["\##
        Scoring"],"operationId":"updateScoreRule","summary":"Change a score rule","description":"Changed scorers hold for spans\##
         that wait, too. While it is disabled nothing is decided, and what waits stays.","x-permission":"runs.start","parameters\##
        ":[{"name":"rule_id","in":"path","required":true,"description":"The rule's id.","schema":{"type":"string"}},{"$ref":"#/c\##
        omponents/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/compon\##
        ents/schemas/ScoreRuleChange"},"example":{"enabled":false}}}},"responses":{"200":{"description":"The rule.","content":{"\##
        application/json":{"schema":{"$ref":"#/components/schemas/ScoreRule"}}}},"400":{"$ref":"#/components/responses/Malformed\##
        "},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$re\##
        f":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/respon\##
        ses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaTy\##
        pe"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref"\##
        :"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"delete":{"tags":["Scoring"],"op\##
        erationId":"archiveScoreRule","summary":"Archive a score rule","description":"What waits is skipped; its decisions and s\##
        cores stay.","x-permission":"runs.start","parameters":[{"name":"rule_id","in":"path","required":true,"description":"The\##
         rule's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"204":{"description":"\##
        It is archived."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticate\##
        d"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/\##
        components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unav\##
        ailable"}}}},"/api/v1/scores/backfill":{"post":{"tags":["Scoring"],"operationId":"startBackfill","summary":"Score stored\##
         spans","description":"A task finds the spans that match, newest first, and workers score them.","x-permission":"runs.st\##
        art","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/js\##
        on":{"schema":{"$ref":"#/components/schemas/NewBackfill"},"example":{"filter":{"kind":{"_eq":"llm"}},"scorers":[{"kind":\##
        "latency","maximum_ms":2000}],"maximum_spans":100}}}},"responses":{"202":{"description":"The task.","content":{"applicat\##
        ion/json":{"schema":{"$ref":"#/components/schemas/Task"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$r\##
        ef":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/compone\##
        nts/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"\##
        },"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"42\##
        9":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/\##
        responses/Unavailable"}}}},"/api/v1/score-decisions":{"get":{"tags":["Scoring"],"operationId":"listScoreDecisions","summ\##
        ary":"List decisions","description":"The ledger of scoring, newest first; docs/scoring.md.","x-permission":"scores.read"\##
        ,"parameters":[{"$ref":"#/components/parameters/Project"},{"name":"rule_id","in":"query","required":false,"description":\##
        "Of this rule.","schema":{"type":"string"}},{"name":"task_id","in":"query","required":false,"description":"Of this backf\##
        ill.","schema":{"type":"string"}},{"name":"trace_id","in":"query","required":false,"description":"Of spans of this trace\##
        .","schema":{"type":"string"}},{"name":"decision","in":"query","required":false,"description":"Only these.","schema":{"t\##
        ype":"string","enum":["not_matched","sampled_out","skipped","queued","scored","failed"]}},{"name":"limit","in":"query","\##
        required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"\##
        name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"\##
        }}],"responses":{"200":{"description":"A page of decisions.","content":{"application/json":{"schema":{"$ref":"#/componen\##
        ts/schemas/ScoreDecisionList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/response\##
        s/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"\##
        429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/component\##
        s/responses/Unavailable"}}}}
        """##

    static let scoringSchemas = ##"""
        "NewScoreRule":{"description":"A rule to be made.","type":"object","additionalProperties":false,"required":["name","scor\##
        ers"],"properties":{"name":{"type":"string","description":"Unique in the project.","minLength":1,"maxLength":100},"filte\##
        r":{"type":["object","null"],"description":"Which spans; docs/query.md. Without one: all but those of runs and scorers."\##
        ,"additionalProperties":true},"scorers":{"type":"array","description":"1 to 32 that need no expected value.","minItems":\##
        1,"maxItems":32,"items":{"type":"object","description":"A scorer; docs/scorers.md.","additionalProperties":true}},"sampl\##
        ing_rate":{"type":["number","null"],"description":"The share of traces, drawn by a hash of rule and trace; 1 by default.\##
        ","minimum":0,"maximum":1},"enabled":{"type":["boolean","null"],"description":"Whether it holds for what comes in; true\##
         by default."},"daily_cap_usd":{"type":["number","null"],"description":"Nothing further is begun once this is spent in a\##
         UTC day; null: no cap."},"concurrency":{"type":["integer","null"],"description":"Calls at a time.","minimum":1,"maximum\##
        ":1000}}},"ScoreRuleChange":{"description":"What of a rule is to change; what is absent stays.","type":"object","additio\##
        nalProperties":false,"required":[],"properties":{"name":{"type":["string","null"],"description":"Unique in the project."\##
        ,"minLength":1,"maxLength":100},"filter":{"type":["object","null"],"description":"Which spans; docs/query.md. Without on\##
        e: all but those of runs and scorers.","additionalProperties":true},"scorers":{"type":["array","null"],"description":"1\##
         to 32 that need no expected value.","items":{"type":"object","description":"A scorer; docs/scorers.md.","additionalProp\##
        erties":true}},"sampling_rate":{"type":["number","null"],"description":"The share of traces, drawn by a hash of rule and\##
         trace; 1 by default.","minimum":0,"maximum":1},"enabled":{"type":["boolean","null"],"description":"Whether it holds for\##
         what comes in; true by default."},"daily_cap_usd":{"type":["number","null"],"description":"Nothing further is begun onc\##
        e this is spent in a UTC day; null: no cap."},"concurrency":{"type":["integer","null"],"description":"Calls at a time.",\##
        "minimum":1,"maximum":1000}}},"ScoreRule":{"description":"A rule by which spans are scored as they come in.","type":"obj\##
        ect","additionalProperties":false,"required":["id","name","filter","scorers","sampling_rate","enabled","daily_cap_usd","\##
        concurrency","today","created_at","updated_at","archived_at"],"properties":{"id":{"type":"string","description":"The rul\##
        e.","format":"uuid"},"name":{"type":"string","description":"Its name."},"filter":{"type":"object","description":"Which s\##
        pans.","additionalProperties":true},"scorers":{"type":"array","description":"Its scorers, names given.","items":{"type":\##
        "object","description":"A scorer; docs/scorers.md.","additionalProperties":true}},"sampling_rate":{"type":"number","desc\##
        ription":"The share of traces."},"enabled":{"type":"boolean","description":"Whether it holds for what comes in."},"daily\##
        _cap_usd":{"type":["number","null"],"description":"Of one UTC day; null: none."},"concurrency":{"type":"integer","descri\##
        ption":"Calls at a time."},"today":{"description":"Of the current UTC day: what was decided, and what it cost.","type":"\##
        object","additionalProperties":false,"required":["not_matched","sampled_out","queued","skipped","scored","failed","cost_\##
        usd"],"properties":{"not_matched":{"type":"integer","description":"The filter did not hold."},"sampled_out":{"type":"int\##
        eger","description":"Matched, and left out by the draw."},"queued":{"type":"integer","description":"Matched and drawn."}\##
        ,"skipped":{"type":"integer","description":"Not scored: cap, too many that wait, no output, too large, archived."},"scor\##
        ed":{"type":"integer","description":"Scored."},"failed":{"type":"integer","description":"A scorer could not do its work.\##
        "},"cost_usd":{"type":"number","description":"Of judges and embeddings, US dollars."}}},"created_at":{"type":"string","d\##
        escription":"When it was made. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"updated_at":{"type":"string","des\##
        cription":"When it last changed. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"archived_at":{"type":["string",\##
        "null"],"description":"When it was archived. RFC 3339 with nanoseconds, UTC.","format":"date-time"}}},"ScoreRuleList":{"\##
        type":"object","additionalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"array","desc\##
        ription":"Rules.","items":{"$ref":"#/components/schemas/ScoreRule"}},"next_cursor":{"type":["string","null"],"descriptio\##
        n":"For the next page; null on the last one."}}},"NewBackfill":{"description":"Scorers over what is stored.","type":"obj\##
        ect","additionalProperties":false,"required":["scorers"],"properties":{"filter":{"type":["object","null"],"description":\##
        "Which spans; docs/query.md. Without one: all but those of runs and scorers.","additionalProperties":true},"scorers":{"t\##
        ype":"array","description":"1 to 32 that need no expected value.","minItems":1,"maxItems":32,"items":{"type":"object","d\##
        escription":"A scorer; docs/scorers.md.","additionalProperties":true}},"from":{"type":["string","null"],"description":"S\##
        pans that started from here on. RFC 3339."},"to":{"type":["string","null"],"description":"Spans that started before. RFC\##
         3339."},"maximum_spans":{"type":["integer","null"],"description":"So many at most, the newest; 1,000 by default.","mini\##
        mum":1,"maximum":100000},"sampling_rate":{"type":["number","null"],"description":"The share of traces; 1 by default.","m\##
        inimum":0,"maximum":1},"cap_usd":{"type":["number","null"],"description":"Nothing further is begun once this is spent."}\##
        ,"concurrency":{"type":["integer","null"],"description":"Calls at a time.","minimum":1,"maximum":1000}}},"ScoreDecision"\##
        :{"description":"What was decided of a span, and why.","type":"object","additionalProperties":false,"required":["id","ru\##
        le_id","task_id","trace_id","span_id","decision","reason","attempt_count","cost_usd","created_at","updated_at"],"propert\##
        ies":{"id":{"type":"string","description":"The decision.","format":"uuid"},"rule_id":{"type":["string","null"],"descript\##
        ion":"The rule that decided.","format":"uuid"},"task_id":{"type":["string","null"],"description":"The backfill that deci\##
        ded.","format":"uuid"},"trace_id":{"type":"string","description":"The span's trace."},"span_id":{"type":"string","descri\##
        ption":"The span."},"decision":{"type":"string","description":"What.","enum":["not_matched","sampled_out","skipped","que\##
        ued","scored","failed"]},"reason":{"type":"string","description":"Why."},"attempt_count":{"type":"integer","description"\##
        :"Attempts at scoring it."},"cost_usd":{"type":"number","description":"Of all attempts, US dollars."},"created_at":{"typ\##
        e":"string","description":"When it was decided. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"updated_at":{"ty\##
        pe":"string","description":"When it last changed. RFC 3339 with nanoseconds, UTC.","format":"date-time"}}},"ScoreDecisio\##
        nList":{"type":"object","additionalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"arr\##
        ay","description":"Decisions.","items":{"$ref":"#/components/schemas/ScoreDecision"}},"next_cursor":{"type":["string","n\##
        ull"],"description":"For the next page; null on the last one."}}}
        """##
}
