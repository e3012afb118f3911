/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let runsPaths = ##"""
        "/api/v1/runs":{"post":{"tags":["Runs"],"operationId":"startRun","summary":"Start a run","description":"Every case of a\##
         suite's version, against every target, as often as `repetitions` says: done by the server's workers, whatever becomes o\##
        f the caller. With `retrieval` the caller has to be allowed to read the knowledge base as well (the scope `read`).","x-p\##
        ermission":"runs.start","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"Idempotency-Key","in":"header"\##
        ,"required":false,"description":"A repetition of the request with the same key answers with the run that the first one m\##
        ade.","schema":{"type":"string","minLength":1,"maxLength":200}}],"requestBody":{"required":true,"content":{"application/\##
        json":{"schema":{"$ref":"#/components/schemas/NewRun"},"example":{"suite":"rivers","targets":[{"name":"mini","kind":"mod\##
        el","provider":"openai","model":"gpt-4.1-mini"}]}}}},"responses":{"200":{"description":"The run that an earlier request\##
         with this key made.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Run"}}}},"202":{"description\##
        ":"The run was made; workers go to it.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Run"}}}},"\##
        400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"\##
        #/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/response\##
        s/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$r\##
        ef":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"\##
        #/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Un\##
        available"}}},"get":{"tags":["Runs"],"operationId":"listRuns","summary":"List runs","description":"Newest first.","x-per\##
        mission":"runs.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"suite_id","in":"query","required"\##
        :false,"description":"Only of this suite.","schema":{"type":"string"}},{"name":"limit","in":"query","required":false,"de\##
        scription":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in"\##
        :"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"2\##
        00":{"description":"A page of runs.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RunList"}}}},\##
        "400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":\##
        "#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/respons\##
        es/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api\##
        /v1/runs/{run_id}":{"get":{"tags":["Runs"],"operationId":"getRun","summary":"Show a run","description":"State, counts, c\##
        osts and, once it has finished, the verdict.","x-permission":"runs.read","parameters":[{"name":"run_id","in":"path","req\##
        uired":true,"description":"The run's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"respo\##
        nses":{"200":{"description":"The run.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Run"}}}},"4\##
        00":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#\##
        /components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses\##
        /Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"patch":\##
        {"tags":["Runs"],"operationId":"updateRun","summary":"Change a run's concurrency","description":"From now on; calls unde\##
        r way are not touched.","x-permission":"runs.start","parameters":[{"name":"run_id","in":"path","required":true,"descript\##
        ion":"The run's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":t\##
        rue,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/RunChange"},"example":{"concurrency":8}}}},"re\##
        sponses":{"200":{"description":"The run.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Run"}}}}\##
        ,"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref"\##
        :"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/respon\##
        ses/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"\##
        $ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref"\##
        :"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/\##
        Unavailable"}}}},"/api/v1/runs/{run_id}/pause":{"post":{"tags":["Runs"],"operationId":"pauseRun","summary":"Pause a run"\##
        ,"description":"Nothing further is begun; calls under way end and count.","x-permission":"runs.start","parameters":[{"na\##
        me":"run_id","in":"path","required":true,"description":"The run's id.","schema":{"type":"string"}},{"$ref":"#/components\##
        /parameters/Project"}],"responses":{"200":{"description":"The run.","content":{"application/json":{"schema":{"$ref":"#/c\##
        omponents/schemas/Run"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unaut\##
        henticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"409":{"\##
        $ref":"#/components/responses/Conflict"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/res\##
        ponses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/runs/{run_id}/resume":{"post":{"tags":["\##
        Runs"],"operationId":"resumeRun","summary":"Resume a run","description":"A paused run goes on.","x-permission":"runs.sta\##
        rt","parameters":[{"name":"run_id","in":"path","required":true,"description":"The run's id.","schema":{"type":"string"}}\##
        ,{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The run.","content":{"application/json":\##
        {"schema":{"$ref":"#/components/schemas/Run"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/comp\##
        onents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/respons\##
        es/NotFound"},"409":{"$ref":"#/components/responses/Conflict"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$\##
        ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/runs/{run_id}/canc\##
        el":{"post":{"tags":["Runs"],"operationId":"cancelRun","summary":"Cancel a run","description":"Ends it without a verdict\##
        ; what is under way is given up.","x-permission":"runs.start","parameters":[{"name":"run_id","in":"path","required":true\##
        ,"description":"The run's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200\##
        ":{"description":"The run.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Run"}}}},"400":{"$ref"\##
        :"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components\##
        /responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"409":{"$ref":"#/components/responses/Conflict"}\##
        ,"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/compone\##
        nts/responses/Unavailable"}}}},"/api/v1/runs/estimate":{"post":{"tags":["Runs"],"operationId":"estimateRun","summary":"E\##
        stimate a run","description":"What a run of the same body would probably take: cells are counted, input tokens guessed f\##
        rom the sizes of cases and prompts, answers taken to be as long as those of the suite's newest finished runs, else 256 t\##
        okens. Calls of scorers and of applications are not in it. Nothing is written. Needs the scope `run`.","x-permission":"r\##
        uns.start","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"applicat\##
        ion/json":{"schema":{"$ref":"#/components/schemas/NewRun"}}}},"responses":{"200":{"description":"The estimate.","content\##
        ":{"application/json":{"schema":{"$ref":"#/components/schemas/RunEstimate"}}}},"400":{"$ref":"#/components/responses/Mal\##
        formed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404"\##
        :{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/\##
        responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/\##
        Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$\##
        ref":"#/components/responses/Unavailable"}}}}
        """##

    static let runsSchemas = ##"""
        "NewRun":{"description":"A run to be made.","type":"object","additionalProperties":false,"required":["suite","targets"],\##
        "properties":{"suite":{"type":"string","description":"The suite's name or id.","minLength":1,"maxLength":400},"suite_ver\##
        sion":{"type":["integer","null"],"description":"Which version; the newest by default.","minimum":1},"name":{"type":["str\##
        ing","null"],"description":"For lists.","minLength":1,"maxLength":200},"targets":{"type":"array","description":"What the\##
         cases are sent to; 1 to 16.","minItems":1,"maxItems":16,"items":{"type":"object","description":"A model (`kind: model`,\##
         `provider`, `model`, `system`, `prompt`, `parameters`, `credential`), an endpoint (`kind: http`, `url`, `body`, `output\##
        `) or a command of the caller's (`kind: exec`). docs/runs.md has every member.","additionalProperties":true}},"repetitio\##
        ns":{"type":["integer","null"],"description":"Times each case is asked.","minimum":1,"maximum":1000},"concurrency":{"typ\##
        e":["integer","null"],"description":"Calls at a time.","minimum":1,"maximum":10000},"spending_cap_usd":{"type":["number"\##
        ,"null"],"description":"Nothing further is begun once this is spent."},"baseline":{"type":["string","null"],"description\##
        ":"The id of a finished run, or a branch: its newest finished run of this suite by `metadata.branch`.","maxLength":200},\##
        "gate":{"type":["object","null"],"description":"When the run passes; docs/verdict.md.","additionalProperties":true},"sco\##
        rers":{"type":["array","null"],"description":"Asked of every case after its own.","items":{"type":"object","description"\##
        :"A scorer; docs/scorers.md.","additionalProperties":true}},"tags":{"type":["array","null"],"description":"Only cases th\##
        at have all of these.","items":{"type":"string","description":"A tag."}},"split":{"type":["string","null"],"description"\##
        :"Only cases of this split."},"metadata":{"type":["object","null"],"description":"Whatever tells where the run comes fro\##
        m: `branch`, `commit`.","additionalProperties":true},"retrieval":{"type":["object","null"],"additionalProperties":false,\##
        "description":"What `{{context}}` in the targets' templates stands for: passages of the knowledge base that answer each\##
         case's input. The state that is searched is fixed when the run is made.","required":[],"properties":{"source":{"descrip\##
        tion":"`active` (the default), a revision by its number, a draft by its name.","oneOf":[{"type":"string","enum":["active\##
        "]},{"type":"object","additionalProperties":false,"required":["revision"],"properties":{"revision":{"type":"integer","mi\##
        nimum":1,"maximum":2147483647,"description":"Number of a revision."}}},{"type":"object","additionalProperties":false,"re\##
        quired":["draft"],"properties":{"draft":{"type":"string","description":"Name of a draft.","maxLength":200}}}]},"limit":{\##
        "type":["integer","null"],"description":"Passages at most; 8 when nothing is said.","minimum":1,"maximum":50},"kinds":{"\##
        type":["array","null"],"description":"Of which an entry must be one.","items":{"type":"string","enum":["article","operat\##
        ion","table"]},"maxItems":3},"tags":{"type":["array","null"],"description":"All of which an entry must have.","items":{"\##
        type":"string"}},"mode":{"type":"string","description":"`hybrid`: by words and, where there are any, by vectors. `text`:\##
         by words alone; a gate asks so for what was built without a model.","enum":["hybrid","text"],"default":"hybrid"},"embed\##
        ding_model":{"type":["string","null"],"description":"Whose vectors are searched, as provider/model; without it those tha\##
        t the revision was promoted with.","maxLength":400}}}}},"RunChange":{"description":"What of a run is to change.","type":\##
        "object","additionalProperties":false,"required":["concurrency"],"properties":{"concurrency":{"type":"integer","descript\##
        ion":"Calls at a time.","minimum":1,"maximum":10000}}},"RunCounts":{"description":"Of cells: one case against one target\##
        , once.","type":"object","additionalProperties":false,"required":["cells","done","passed","failed","errored"],"propertie\##
        s":{"cells":{"type":"integer","description":"In all; 0 until the run was planned."},"done":{"type":"integer","descriptio\##
        n":"With a counted outcome."},"passed":{"type":"integer","description":"Passed."},"failed":{"type":"integer","descriptio\##
        n":"Failed."},"errored":{"type":"integer","description":"The target, the provider or a scorer could not do its work: no\##
         trial."}}},"Run":{"description":"A run.","type":"object","additionalProperties":false,"required":["id","name","suite_id\##
        ","suite_version","state","state_reason","concurrency","baseline_run_id","counts","cost_usd","input_tokens","output_toke\##
        ns","specification","verdict","created_at","started_at","finished_at"],"properties":{"id":{"type":"string","description"\##
        :"The run's id, which is also that of its task.","format":"uuid"},"name":{"type":"string","description":"For lists."},"s\##
        uite_id":{"type":"string","description":"The suite.","format":"uuid"},"suite_version":{"type":"integer","description":"I\##
        ts version."},"state":{"type":"string","description":"Where it stands.","enum":["queued","running","paused","finished","\##
        failed","cancelled"]},"state_reason":{"type":"string","description":"Why, where that needs words."},"concurrency":{"type\##
        ":"integer","description":"Calls at a time."},"baseline_run_id":{"type":["string","null"],"description":"What it is comp\##
        ared with.","format":"uuid"},"counts":{"$ref":"#/components/schemas/RunCounts"},"cost_usd":{"type":"number","description\##
        ":"Of targets and judges so far, US dollars."},"input_tokens":{"type":"integer","description":"Of the targets."},"output\##
        _tokens":{"type":"integer","description":"Of the targets."},"specification":{"type":"object","description":"What was ask\##
        ed for, defaults written out.","additionalProperties":true},"verdict":{"anyOf":[{"type":"object","description":"`result`\##
         is `pass`, `fail` or `not_enough_evidence`; docs/verdict.md.","additionalProperties":true},{"type":"null"}],"descriptio\##
        n":"Of a finished run."},"created_at":{"type":"string","description":"When it was made. RFC 3339 with nanoseconds, UTC."\##
        ,"format":"date-time"},"started_at":{"type":["string","null"],"description":"When it was planned. RFC 3339 with nanoseco\##
        nds, UTC.","format":"date-time"},"finished_at":{"type":["string","null"],"description":"When it ended. RFC 3339 with nan\##
        oseconds, UTC.","format":"date-time"}}},"RunList":{"type":"object","additionalProperties":false,"required":["data","next\##
        _cursor"],"properties":{"data":{"type":"array","description":"Runs.","items":{"$ref":"#/components/schemas/Run"}},"next_\##
        cursor":{"type":["string","null"],"description":"For the next page; null on the last one."}}},"RunEstimate":{"descriptio\##
        n":"What a run would take.","type":"object","additionalProperties":false,"required":["cases","cells","exceeds_maximum_ce\##
        lls","cost_usd","exceeds_spending_cap","basis","targets"],"properties":{"cases":{"type":"integer","description":"Chosen.\##
        "},"cells":{"type":"integer","description":"Cases times targets times repetitions."},"exceeds_maximum_cells":{"type":"bo\##
        olean","description":"Such a run would fail."},"cost_usd":{"type":"number","description":"Of the targets with a price."}\##
        ,"exceeds_spending_cap":{"type":"boolean","description":"Whether `spending_cap_usd` of the body is less."},"basis":{"typ\##
        e":"string","description":"What the length of answers is taken from.","enum":["earlier_runs","guess"]},"targets":{"type"\##
        :"array","description":"Of each target.","items":{"type":"object","additionalProperties":false,"required":["name","cells\##
        ","input_tokens","output_tokens","cost_usd"],"properties":{"name":{"type":"string","description":"Of the target."},"cell\##
        s":{"type":"integer","description":"Of it."},"input_tokens":{"type":["integer","null"],"description":"Null where nothing\##
         is sent to a model."},"output_tokens":{"type":["integer","null"],"description":"Likewise."},"cost_usd":{"type":["number\##
        ","null"],"description":"Null where no price is known."}}}}}}
        """##
}
