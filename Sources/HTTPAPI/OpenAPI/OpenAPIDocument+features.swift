/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let featuresPaths = ##"""
        "/api/v1/feature-analyses":{"post":{"tags":["Features"],"operationId":"startFeatureAnalysis","summary":"Look through a w\##
        indow of traces for what users were trying to do","description":"What users said is embedded, grouped and named by the p\##
        roject's models (settings: `default_models.embedding`, `naming`). A window is analyzed once: the same window again answe\##
        rs with the analysis there is, unless it failed or was cancelled. The analysis is a task of the same id: `GET /api/v1/ta\##
        sks/{id}` and its events tell how far it is.","x-permission":"runs.start","parameters":[{"$ref":"#/components/parameters\##
        /Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewFeat\##
        ureAnalysis"},"example":{"start":"2026-03-01T00:00:00Z","end":"2026-03-02T00:00:00Z","maximum_traces":1000,"spending_cap\##
        _usd":0.5}}}},"responses":{"200":{"description":"The analysis that was made for this window before.","content":{"applica\##
        tion/json":{"schema":{"$ref":"#/components/schemas/FeatureAnalysis"}}}},"202":{"description":"The analysis was ordered."\##
        ,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/FeatureAnalysis"}}}},"400":{"$ref":"#/components/\##
        responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forb\##
        idden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"\##
        #/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/componen\##
        ts/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defec\##
        t"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"tags":["Features"],"operationId":"listFeatureAnalyses"\##
        ,"summary":"List analyses","description":"Newest first.","x-permission":"traces.read","parameters":[{"name":"limit","in"\##
        :"query","required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"defaul\##
        t":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type\##
        ":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"A page of analyses.","conten\##
        t":{"application/json":{"schema":{"$ref":"#/components/schemas/FeatureAnalysisList"}}}},"400":{"$ref":"#/components/resp\##
        onses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidde\##
        n"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/co\##
        mponents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/feature-analyses/{analysis_i\##
        d}":{"get":{"tags":["Features"],"operationId":"getFeatureAnalysis","summary":"Show an analysis","description":"State, co\##
        unts and cost.","x-permission":"traces.read","parameters":[{"name":"analysis_id","in":"path","required":true,"descriptio\##
        n":"The analysis's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"des\##
        cription":"The analysis.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/FeatureAnalysis"}}}},"40\##
        0":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/\##
        components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/\##
        Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1\##
        /feature-analyses/{analysis_id}/cancel":{"post":{"tags":["Features"],"operationId":"cancelFeatureAnalysis","summary":"Ca\##
        ncel an analysis","description":"What it has embedded is forgotten; features stay as they were.","x-permission":"runs.st\##
        art","parameters":[{"name":"analysis_id","in":"path","required":true,"description":"The analysis's id.","schema":{"type"\##
        :"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The analysis.","content":{"ap\##
        plication/json":{"schema":{"$ref":"#/components/schemas/FeatureAnalysis"}}}},"400":{"$ref":"#/components/responses/Malfo\##
        rmed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{\##
        "$ref":"#/components/responses/NotFound"},"409":{"$ref":"#/components/responses/Conflict"},"429":{"$ref":"#/components/r\##
        esponses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}\##
        ,"/api/v1/feature-schedule":{"get":{"tags":["Features"],"operationId":"getFeatureSchedule","summary":"Show when traces a\##
        re analyzed","description":"Of a project without a schedule: disabled.","x-permission":"traces.read","parameters":[{"$re\##
        f":"#/components/parameters/Project"}],"responses":{"200":{"description":"The schedule.","content":{"application/json":{\##
        "schema":{"$ref":"#/components/schemas/FeatureSchedule"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$r\##
        ef":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/compone\##
        nts/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},\##
        "503":{"$ref":"#/components/responses/Unavailable"}}},"put":{"tags":["Features"],"operationId":"replaceFeatureSchedule",\##
        "summary":"Replace the schedule of analyses","description":"Windows are whole periods of UTC, one after the other; each\##
         is analyzed two minutes after its end. A schedule that is new or has another period begins with the newest complete win\##
        dow.","x-permission":"runs.start","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":tr\##
        ue,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/FeatureScheduleChange"},"example":{"is_enabled"\##
        :true,"period_hours":24,"maximum_traces":1000,"spending_cap_usd":0.5}}}},"responses":{"200":{"description":"The schedule\##
        .","content":{"application/json":{"schema":{"$ref":"#/components/schemas/FeatureSchedule"}}}},"400":{"$ref":"#/component\##
        s/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Fo\##
        rbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref"\##
        :"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/compon\##
        ents/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Def\##
        ect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/trace-features":{"get":{"tags":["Features"],"opera\##
        tionId":"listTraceFeatures","summary":"List features","description":"What users were trying to do, with what it came to\##
         in the newest window. Newest features first.","x-permission":"traces.read","parameters":[{"name":"trend","in":"query","\##
        required":false,"description":"Only those whose newest window says so.","schema":{"type":"string","enum":["new","growing\##
        ","steady","shrinking"]}},{"name":"include_archived","in":"query","required":false,"description":"Archived ones too.","s\##
        chema":{"type":"boolean","default":false}},{"name":"limit","in":"query","required":false,"description":"How many at most\##
        .","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"d\##
        escription":"`next_cursor` of the page before.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],\##
        "responses":{"200":{"description":"A page of features.","content":{"application/json":{"schema":{"$ref":"#/components/sc\##
        hemas/TraceFeatureList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unau\##
        thenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{\##
        "$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/resp\##
        onses/Unavailable"}}}},"/api/v1/trace-features/{feature_id}":{"get":{"tags":["Features"],"operationId":"getTraceFeature"\##
        ,"summary":"Show a feature with its history","description":"The newest 100 windows with examples of what users said.","x\##
        -permission":"traces.read","parameters":[{"name":"feature_id","in":"path","required":true,"description":"The feature's i\##
        d.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The featu\##
        re.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/TraceFeatureHistory"}}}},"400":{"$ref":"#/com\##
        ponents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/respon\##
        ses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{\##
        "$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"patch":{"tags":["Features\##
        "],"operationId":"updateTraceFeature","summary":"Rename or archive a feature","description":"A name that a person gave s\##
        tays. An archived feature goes on taking the traces that are its own, so that they make no new one.","x-permission":"run\##
        s.start","parameters":[{"name":"feature_id","in":"path","required":true,"description":"The feature's id.","schema":{"typ\##
        e":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{\##
        "schema":{"$ref":"#/components/schemas/TraceFeatureChange"},"example":{"name":"Reset a password"}}}},"responses":{"200":\##
        {"description":"The feature.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/TraceFeatureHistory"\##
        }}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$\##
        ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/re\##
        sponses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMedi\##
        aType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$r\##
        ef":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/trace-features/{fea\##
        ture_id}/traces":{"get":{"tags":["Features"],"operationId":"listTracesOfFeature","summary":"List the traces of a feature\##
        ","description":"Those of its newest window, or of one analysis; the most typical first.","x-permission":"traces.read","\##
        parameters":[{"name":"feature_id","in":"path","required":true,"description":"The feature's id.","schema":{"type":"string\##
        "}},{"name":"analysis_id","in":"query","required":false,"description":"Of this analysis's window.","schema":{"type":"str\##
        ing"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"Ids of traces.","content":{"applic\##
        ation/json":{"schema":{"$ref":"#/components/schemas/TraceFeatureTraces"}}}},"400":{"$ref":"#/components/responses/Malfor\##
        med"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"\##
        $ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/res\##
        ponses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let featuresSchemas = ##"""
        "NewFeatureAnalysis":{"type":"object","additionalProperties":false,"required":["start","end"],"properties":{"start":{"ty\##
        pe":"string","description":"Traces with a span that starts at this time or later.","format":"date-time"},"end":{"type":"\##
        string","description":"Before this time; not in the future, 92 days after the start at most.","format":"date-time"},"max\##
        imum_traces":{"type":"integer","description":"Traces looked at; of a window with more, an even sample.","minimum":10,"ma\##
        ximum":4096,"default":1000},"spending_cap_usd":{"type":"number","description":"US dollars that one analysis may cost; pa\##
        ssed by one call of a model at most.","minimum":1e-06,"maximum":1000000,"default":1},"filter":{"type":"object","descript\##
        ion":"A filter of spans, as of queries: traces with a span that matches. Empty: every trace with an input."}}},"FeatureA\##
        nalysis":{"type":"object","additionalProperties":false,"required":["id","state","start","end","maximum_traces","spending\##
        _cap_usd","filter","window_trace_count","trace_count","cost_usd","embedding_model","created_at","finished_at"],"properti\##
        es":{"id":{"type":"string","description":"Of its task, too.","format":"uuid"},"state":{"type":"string","description":"`c\##
        ollecting`: the server reads what users said; `ready`: workers embed, group and name it.","enum":["collecting","ready","\##
        succeeded","failed","cancelled"]},"start":{"type":"string","description":"Of the window.","format":"date-time"},"end":{"\##
        type":"string","description":"Of the window.","format":"date-time"},"maximum_traces":{"type":"integer","description":"Tr\##
        aces looked at; of a window with more, an even sample.","minimum":10,"maximum":4096},"spending_cap_usd":{"type":"number"\##
        ,"description":"US dollars that one analysis may cost; passed by one call of a model at most.","minimum":1e-06,"maximum"\##
        :1000000},"filter":{"type":"object","description":"A filter of spans, as of queries: traces with a span that matches. Em\##
        pty: every trace with an input."},"window_trace_count":{"type":"integer","description":"Traces of the window that match;\##
         0 while they are collected.","minimum":0},"trace_count":{"type":"integer","description":"Traces whose texts are looked\##
         at.","minimum":0},"cost_usd":{"type":"number","description":"Of the calls of models so far.","minimum":0},"embedding_mo\##
        del":{"type":["string","null"],"description":"As `provider/model`; null before the first call."},"created_at":{"type":"s\##
        tring","description":"When it was ordered.","format":"date-time"},"finished_at":{"type":["string","null"],"description":\##
        "When it ended.","format":"date-time"}}},"FeatureAnalysisList":{"type":"object","additionalProperties":false,"required":\##
        ["data","next_cursor"],"properties":{"data":{"type":"array","description":"Analyses.","items":{"$ref":"#/components/sche\##
        mas/FeatureAnalysis"}},"next_cursor":{"type":["string","null"],"description":"For the next page; null on the last one."}\##
        }},"FeatureSchedule":{"type":"object","additionalProperties":false,"required":["is_enabled","period_hours","maximum_trac\##
        es","spending_cap_usd","filter","next_window_start","updated_at"],"properties":{"is_enabled":{"type":"boolean","descript\##
        ion":"Whether windows are analyzed by themselves."},"period_hours":{"type":"integer","description":"Hours of a window.",\##
        "minimum":1,"maximum":744},"maximum_traces":{"type":"integer","description":"Traces looked at; of a window with more, an\##
         even sample.","minimum":10,"maximum":4096},"spending_cap_usd":{"type":"number","description":"US dollars that one analy\##
        sis may cost; passed by one call of a model at most.","minimum":1e-06,"maximum":1000000},"filter":{"type":"object","desc\##
        ription":"A filter of spans, as of queries: traces with a span that matches. Empty: every trace with an input."},"next_w\##
        indow_start":{"type":["string","null"],"description":"Of the window that comes next; null while disabled.","format":"dat\##
        e-time"},"updated_at":{"type":["string","null"],"description":"When somebody changed it; null: never.","format":"date-ti\##
        me"}}},"FeatureScheduleChange":{"type":"object","additionalProperties":false,"required":["is_enabled"],"properties":{"is\##
        _enabled":{"type":"boolean","description":"Whether windows are analyzed by themselves."},"period_hours":{"type":"integer\##
        ","description":"Hours of a window.","minimum":1,"maximum":744,"default":24},"maximum_traces":{"type":"integer","descrip\##
        tion":"Traces looked at; of a window with more, an even sample.","minimum":10,"maximum":4096,"default":1000},"spending_c\##
        ap_usd":{"type":"number","description":"US dollars that one analysis may cost; passed by one call of a model at most.","\##
        minimum":1e-06,"maximum":1000000,"default":1},"filter":{"type":"object","description":"A filter of spans, as of queries:\##
         traces with a span that matches. Empty: every trace with an input."}}},"TraceFeatureWindow":{"type":"object","additiona\##
        lProperties":false,"required":["analysis_id","start","end","trend","trace_count","share","error_count","error_rate","cos\##
        t_usd","mean_duration_ms"],"properties":{"analysis_id":{"type":"string","description":"The analysis that found it.","for\##
        mat":"uuid"},"start":{"type":"string","description":"Of the window.","format":"date-time"},"end":{"type":"string","descr\##
        iption":"Of the window.","format":"date-time"},"trend":{"type":"string","description":"`new`: nobody asked for it in the\##
         windows before; `growing` and `shrinking`: its share differs from that of up to seven windows before by half, and by mo\##
        re than chance.","enum":["new","growing","steady","shrinking"]},"trace_count":{"type":"integer","description":"Traces of\##
         the feature among those looked at.","minimum":0},"share":{"type":"number","description":"Of all traces looked at.","min\##
        imum":0,"maximum":1},"error_count":{"type":"integer","description":"Traces with a failed span.","minimum":0},"error_rate\##
        ":{"type":["number","null"],"description":"Of its traces; null without any."},"cost_usd":{"type":"number","description":\##
        "Of its traces together.","minimum":0},"mean_duration_ms":{"type":["number","null"],"description":"Of its traces; null w\##
        ithout any."}},"description":"A feature in one window."},"TraceFeature":{"type":"object","additionalProperties":false,"r\##
        equired":["id","name","description","is_named","first_window_start","last_window_end","newest","created_at","archived_at\##
        "],"properties":{"id":{"type":"string","description":"The feature keeps it over all windows.","format":"uuid"},"name":{"\##
        type":"string","description":"Two to six words; what one user said while `is_named` is false."},"description":{"type":"s\##
        tring","description":"One sentence, or empty."},"is_named":{"type":"boolean","description":"By a model or a person."},"f\##
        irst_window_start":{"type":"string","description":"Of the first window in which somebody asked for it.","format":"date-t\##
        ime"},"last_window_end":{"type":"string","description":"Of the last one.","format":"date-time"},"newest":{"anyOf":[{"$re\##
        f":"#/components/schemas/TraceFeatureWindow"},{"type":"null"}]},"created_at":{"type":"string","description":"When it was\##
         found.","format":"date-time"},"archived_at":{"type":["string","null"],"description":"Since when lists leave it out.","f\##
        ormat":"date-time"}}},"TraceFeatureList":{"type":"object","additionalProperties":false,"required":["data","next_cursor"]\##
        ,"properties":{"data":{"type":"array","description":"Features.","items":{"$ref":"#/components/schemas/TraceFeature"}},"n\##
        ext_cursor":{"type":["string","null"],"description":"For the next page; null on the last one."}}},"TraceFeatureHistory":\##
        {"type":"object","additionalProperties":false,"required":["id","name","description","is_named","first_window_start","las\##
        t_window_end","newest","created_at","archived_at","windows"],"properties":{"id":{"type":"string","description":"The feat\##
        ure keeps it over all windows.","format":"uuid"},"name":{"type":"string","description":"Two to six words; what one user\##
         said while `is_named` is false."},"description":{"type":"string","description":"One sentence, or empty."},"is_named":{"\##
        type":"boolean","description":"By a model or a person."},"first_window_start":{"type":"string","description":"Of the fir\##
        st window in which somebody asked for it.","format":"date-time"},"last_window_end":{"type":"string","description":"Of th\##
        e last one.","format":"date-time"},"newest":{"anyOf":[{"$ref":"#/components/schemas/TraceFeatureWindow"},{"type":"null"}\##
        ]},"created_at":{"type":"string","description":"When it was found.","format":"date-time"},"archived_at":{"type":["string\##
        ","null"],"description":"Since when lists leave it out.","format":"date-time"},"windows":{"type":"array","description":"\##
        Newest first.","items":{"type":"object","additionalProperties":false,"required":["analysis_id","start","end","trend","tr\##
        ace_count","share","error_count","error_rate","cost_usd","mean_duration_ms","examples"],"properties":{"analysis_id":{"ty\##
        pe":"string","description":"The analysis that found it.","format":"uuid"},"start":{"type":"string","description":"Of the\##
         window.","format":"date-time"},"end":{"type":"string","description":"Of the window.","format":"date-time"},"trend":{"ty\##
        pe":"string","description":"`new`: nobody asked for it in the windows before; `growing` and `shrinking`: its share diffe\##
        rs from that of up to seven windows before by half, and by more than chance.","enum":["new","growing","steady","shrinkin\##
        g"]},"trace_count":{"type":"integer","description":"Traces of the feature among those looked at.","minimum":0},"share":{\##
        "type":"number","description":"Of all traces looked at.","minimum":0,"maximum":1},"error_count":{"type":"integer","descr\##
        iption":"Traces with a failed span.","minimum":0},"error_rate":{"type":["number","null"],"description":"Of its traces; n\##
        ull without any."},"cost_usd":{"type":"number","description":"Of its traces together.","minimum":0},"mean_duration_ms":{\##
        "type":["number","null"],"description":"Of its traces; null without any."},"examples":{"type":"array","description":"Wha\##
        t users said, the most typical first.","items":{"type":"object","additionalProperties":false,"required":["trace_id","tex\##
        t"],"properties":{"trace_id":{"type":"string","description":"Hexadecimal."},"text":{"type":"string","description":"What\##
         a user said, cut to 300 characters."}}}}}}}}},"TraceFeatureChange":{"type":"object","additionalProperties":false,"requi\##
        red":[],"properties":{"name":{"type":"string","description":"A new name.","minLength":1,"maxLength":100},"description":{\##
        "type":"string","description":"What it is, in a sentence.","maxLength":1000},"is_archived":{"type":"boolean","descriptio\##
        n":"Whether lists leave it out."}}},"TraceFeatureTraces":{"type":"object","additionalProperties":false,"required":["wind\##
        ow","trace_ids"],"properties":{"window":{"$ref":"#/components/schemas/TraceFeatureWindow"},"trace_ids":{"type":"array","\##
        description":"Hexadecimal, the most typical first.","items":{"type":"string"}}}}
        """##
}
