/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let outcomesPaths = ##"""
        "/api/v1/runs/{run_id}/outcomes":{"get":{"tags":["Runs"],"operationId":"listOutcomes","summary":"List a run's outcomes",\##
        "description":"What came of each case, for each target and repetition, with its scores.","x-permission":"runs.read","par\##
        ameters":[{"name":"run_id","in":"path","required":true,"description":"The run's id.","schema":{"type":"string"}},{"$ref"\##
        :"#/components/parameters/Project"},{"name":"result","in":"query","required":false,"description":"Only these.","schema":\##
        {"type":"string","enum":["passed","failed","errored"]}},{"name":"target","in":"query","required":false,"description":"On\##
        ly of this target, from 0.","schema":{"type":"integer","minimum":0,"maximum":15}},{"name":"key","in":"query","required":\##
        false,"description":"Only of the case with this key.","schema":{"type":"string"}},{"name":"superseded","in":"query","req\##
        uired":false,"description":"Those that were requeued, too.","schema":{"type":"boolean","default":false}},{"name":"order"\##
        ,"in":"query","required":false,"description":"`newest` first, or by `key`, then target and repetition. A cursor belongs\##
         to its order.","schema":{"type":"string","enum":["newest","key"],"default":"newest"}},{"name":"limit","in":"query","req\##
        uired":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"nam\##
        e":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}]\##
        ,"responses":{"200":{"description":"A page of outcomes.","content":{"application/json":{"schema":{"$ref":"#/components/s\##
        chemas/OutcomeList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthen\##
        ticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$re\##
        f":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/response\##
        s/Unavailable"}}}},"/api/v1/runs/{run_id}/outcomes/{outcome_id}":{"get":{"tags":["Runs"],"operationId":"getOutcome","sum\##
        mary":"Show an outcome","description":"With what the target answered and the attempts that led to it.","x-permission":"r\##
        uns.read","parameters":[{"name":"run_id","in":"path","required":true,"description":"The run's id.","schema":{"type":"str\##
        ing"}},{"name":"outcome_id","in":"path","required":true,"description":"The outcome's id.","schema":{"type":"string"}},{"\##
        $ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The outcome.","content":{"application/json"\##
        :{"schema":{"$ref":"#/components/schemas/OutcomeDetails"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$\##
        ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/compon\##
        ents/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"}\##
        ,"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/runs/{run_id}/comparison":{"get":{"tags":["Runs"],"oper\##
        ationId":"compareRun","summary":"Compare a run with its baseline","description":"What came of each target as it stands n\##
        ow, and which of the cases that it shares with the baseline do better or worse: a smaller share of their trials passed,\##
         or a larger one. Single cases differ by chance; whether the run as a whole is worse is the verdict's to say.","x-permis\##
        sion":"runs.read","parameters":[{"name":"run_id","in":"path","required":true,"description":"The run's id.","schema":{"ty\##
        pe":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"Each target.","content":{"\##
        application/json":{"schema":{"$ref":"#/components/schemas/RunComparison"}}}},"400":{"$ref":"#/components/responses/Malfo\##
        rmed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{\##
        "$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/re\##
        sponses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/runs/{run_id}/requeue":{"post":{"tags":\##
        ["Runs"],"operationId":"requeueTestCase","summary":"Do a case again","description":"What came of the case so far is kept\##
         and counts no more; its cells are queued behind all others, with new attempts. Cells without an outcome are about to be\##
         done anyway and not counted in `requeued`.","x-permission":"runs.start","parameters":[{"name":"run_id","in":"path","req\##
        uired":true,"description":"The run's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"reque\##
        stBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Requeue"},"example":{"key\##
        ":"capital-of-france"}}}},"responses":{"200":{"description":"The run, and how many cells are to be done again.","content\##
        ":{"application/json":{"schema":{"$ref":"#/components/schemas/Requeued"}}}},"400":{"$ref":"#/components/responses/Malfor\##
        med"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"\##
        $ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/res\##
        ponses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMedi\##
        aType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$r\##
        ef":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let outcomesSchemas = ##"""
        "Outcome":{"description":"What came of one case against one target, once.","type":"object","additionalProperties":false,\##
        "required":["id","run_id","target","key","repetition","result","error","trace_id","span_id","duration_ms","first_token_m\##
        s","input_tokens","output_tokens","cost_usd","attempt_count","created_at","superseded_at","scores"],"properties":{"id":{\##
        "type":"string","description":"The outcome's id.","format":"uuid"},"run_id":{"type":"string","description":"Its run.","f\##
        ormat":"uuid"},"target":{"type":"integer","description":"Which of the run's targets, from 0."},"key":{"type":"string","d\##
        escription":"The case's key."},"repetition":{"type":"integer","description":"Which repetition, from 1."},"result":{"type\##
        ":"string","description":"What it counts as; `errored` is no trial.","enum":["passed","failed","errored"]},"error":{"any\##
        Of":[{"type":"object","description":"`kind` and `message`.","additionalProperties":true},{"type":"null"}],"description":\##
        "Why it errored."},"trace_id":{"type":"string","description":"The trace that was made of it."},"span_id":{"type":"string\##
        ","description":"The root span of that trace."},"duration_ms":{"type":"number","description":"Of the target's answer."},\##
        "first_token_ms":{"type":["number","null"],"description":"Until the first token, where the answer was streamed."},"input\##
        _tokens":{"type":"integer","description":"Of the target."},"output_tokens":{"type":"integer","description":"Of the targe\##
        t."},"cost_usd":{"type":"number","description":"Of target and judges, US dollars."},"attempt_count":{"type":"integer","d\##
        escription":"The number of the attempt it came of."},"created_at":{"type":"string","description":"When it was counted. R\##
        FC 3339 with nanoseconds, UTC.","format":"date-time"},"superseded_at":{"type":["string","null"],"description":"When it w\##
        as requeued; it counts no more. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"scores":{"type":"array","descrip\##
        tion":"In the order of their names.","items":{"$ref":"#/components/schemas/Score"}}}},"OutcomeList":{"type":"object","ad\##
        ditionalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"array","description":"Outcomes\##
        .","items":{"$ref":"#/components/schemas/Outcome"}},"next_cursor":{"type":["string","null"],"description":"For the next\##
         page; null on the last one."}}},"OutcomeAttempt":{"description":"One attempt at a cell.","type":"object","additionalPro\##
        perties":false,"required":["number","worker","started_at","finished_at","result","error"],"properties":{"number":{"type"\##
        :"integer","description":"From 1."},"worker":{"type":"string","description":"Who made it."},"started_at":{"type":"string\##
        ","description":"When it began. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"finished_at":{"type":"string","d\##
        escription":"When it ended. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"result":{"type":"string","descriptio\##
        n":"How it ended; `lost`: its worker was not heard of any more.","enum":["succeeded","failed","retried","lost","released\##
        ","cancelled"]},"error":{"anyOf":[{"type":"object","description":"`kind` and `message`.","additionalProperties":true},{"\##
        type":"null"}],"description":"Why it failed or was retried."}}},"OutcomeDetails":{"description":"An outcome and how it c\##
        ame about.","type":"object","additionalProperties":false,"required":["id","run_id","target","key","repetition","result",\##
        "error","trace_id","span_id","duration_ms","first_token_ms","input_tokens","output_tokens","cost_usd","attempt_count","c\##
        reated_at","superseded_at","scores","output","attempts"],"properties":{"id":{"type":"string","description":"The outcome'\##
        s id.","format":"uuid"},"run_id":{"type":"string","description":"Its run.","format":"uuid"},"target":{"type":"integer","\##
        description":"Which of the run's targets, from 0."},"key":{"type":"string","description":"The case's key."},"repetition"\##
        :{"type":"integer","description":"Which repetition, from 1."},"result":{"type":"string","description":"What it counts as\##
        ; `errored` is no trial.","enum":["passed","failed","errored"]},"error":{"anyOf":[{"type":"object","description":"`kind`\##
         and `message`.","additionalProperties":true},{"type":"null"}],"description":"Why it errored."},"trace_id":{"type":"stri\##
        ng","description":"The trace that was made of it."},"span_id":{"type":"string","description":"The root span of that trac\##
        e."},"duration_ms":{"type":"number","description":"Of the target's answer."},"first_token_ms":{"type":["number","null"],\##
        "description":"Until the first token, where the answer was streamed."},"input_tokens":{"type":"integer","description":"O\##
        f the target."},"output_tokens":{"type":"integer","description":"Of the target."},"cost_usd":{"type":"number","descripti\##
        on":"Of target and judges, US dollars."},"attempt_count":{"type":"integer","description":"The number of the attempt it c\##
        ame of."},"created_at":{"type":"string","description":"When it was counted. RFC 3339 with nanoseconds, UTC.","format":"d\##
        ate-time"},"superseded_at":{"type":["string","null"],"description":"When it was requeued; it counts no more. RFC 3339 wi\##
        th nanoseconds, UTC.","format":"date-time"},"scores":{"type":"array","description":"In the order of their names.","items\##
        ":{"$ref":"#/components/schemas/Score"}},"output":{"anyOf":[{"type":"object","description":"`text`, and where there are\##
         any `tool_calls`, `finish_reason` and the `model` that answered.","additionalProperties":true},{"type":"null"}],"descri\##
        ption":"What the target answered; null when it did not."},"attempts":{"type":"array","description":"In their order.","it\##
        ems":{"$ref":"#/components/schemas/OutcomeAttempt"}}}},"Requeue":{"description":"Which cells are to be done again.","typ\##
        e":"object","additionalProperties":false,"required":["key"],"properties":{"key":{"type":"string","description":"The case\##
        's key.","minLength":1,"maxLength":256},"target":{"type":["integer","null"],"description":"Only against this target, fro\##
        m 0.","minimum":0,"maximum":15},"repetition":{"type":["integer","null"],"description":"Only this repetition, from 1.","m\##
        inimum":1,"maximum":1000}}},"Requeued":{"description":"What a requeue did.","type":"object","additionalProperties":false\##
        ,"required":["run","requeued"],"properties":{"run":{"$ref":"#/components/schemas/Run"},"requeued":{"type":"integer","des\##
        cription":"Cells that had an outcome and are to be done again."}}},"CaseChange":{"description":"A case whose share of pa\##
        ssed trials differs.","type":"object","additionalProperties":false,"required":["key","passed","trials","baseline_passed"\##
        ,"baseline_trials"],"properties":{"key":{"type":"string","description":"Of the case."},"passed":{"type":"integer","descr\##
        iption":"Trials in the run."},"trials":{"type":"integer","description":"Passed or failed."},"baseline_passed":{"type":"i\##
        nteger","description":"Trials in the baseline."},"baseline_trials":{"type":"integer","description":"Passed or failed."}}\##
        },"RunComparison":{"description":"A run beside its baseline.","type":"object","additionalProperties":false,"required":["\##
        baseline_run_id","targets"],"properties":{"baseline_run_id":{"type":["string","null"],"description":"Null: the run has n\##
        one."},"targets":{"type":"array","description":"In the order of the run.","items":{"type":"object","additionalProperties\##
        ":false,"required":["target","passed","failed","errored","cost_usd","mean_duration_ms","baseline"],"properties":{"target\##
        ":{"type":"string","description":"Its name."},"passed":{"type":"integer","description":"Cells."},"failed":{"type":"integ\##
        er","description":"Cells."},"errored":{"type":"integer","description":"Cells: no trials."},"cost_usd":{"type":"number","\##
        description":"Of all cells."},"mean_duration_ms":{"type":["number","null"],"description":"Of a cell; null before the fir\##
        st."},"baseline":{"description":"Null: the baseline has no such target.","oneOf":[{"type":"null"},{"type":"object","addi\##
        tionalProperties":false,"required":["regressed_count","improved_count","same_count","only_in_run_count","only_in_baselin\##
        e_count","regressed","improved"],"properties":{"regressed_count":{"type":"integer","description":"Cases that do worse."}\##
        ,"improved_count":{"type":"integer","description":"Cases that do better."},"same_count":{"type":"integer","description":\##
        "Cases that do alike."},"only_in_run_count":{"type":"integer","description":"Cases without a trial in the baseline."},"o\##
        nly_in_baseline_count":{"type":"integer","description":"Cases without a trial in the run."},"regressed":{"type":"array",\##
        "items":{"$ref":"#/components/schemas/CaseChange"},"description":"The largest fall first; the first 200."},"improved":{"\##
        type":"array","items":{"$ref":"#/components/schemas/CaseChange"},"description":"The largest rise first; the first 200."}\##
        }}]}}}}}}
        """##
}
