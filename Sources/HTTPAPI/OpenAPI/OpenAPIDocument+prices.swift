/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let pricesPaths = ##"""
        "/api/v1/prices":{"get":{"tags":["Prices"],"operationId":"listPrices","summary":"List prices","description":"All prices\##
         of the installation, of one provider or for one pattern. Needs the scope `read`.","x-permission":"prices.read","paramet\##
        ers":[{"$ref":"#/components/parameters/Project"},{"name":"provider","in":"query","required":false,"description":"Only th\##
        is provider's.","schema":{"type":"string"}},{"name":"model","in":"query","required":false,"description":"Only this patte\##
        rn.","schema":{"type":"string"}}],"responses":{"200":{"description":"The prices.","content":{"application/json":{"schema\##
        ":{"$ref":"#/components/schemas/PriceList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/compon\##
        ents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses\##
        /NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref"\##
        :"#/components/responses/Unavailable"}}},"post":{"tags":["Prices"],"operationId":"addPrices","summary":"Add prices","des\##
        cription":"Adds prices, or replaces those of the same provider, pattern and day. Spans that come in from now on are pric\##
        ed with them. Needs the scope `admin`. Prices belong to the installation: owners and admins of its first organization ad\##
        d them, and keys that reach it with the scope `admin`; others are answered 403.","x-permission":"prices.write","requestB\##
        ody":{"required":true,"content":{"application/json":{"schema":{"type":"object","additionalProperties":false,"required":[\##
        "prices"],"properties":{"prices":{"type":"array","description":"1 to 500 prices.","items":{"$ref":"#/components/schemas/\##
        NewPrice"}}}}}}},"responses":{"201":{"description":"The new version.","content":{"application/json":{"schema":{"$ref":"#\##
        /components/schemas/PriceVersion"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/resp\##
        onses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound\##
        "},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/com\##
        ponents/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/componen\##
        ts/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"\##
        }},"parameters":[{"$ref":"#/components/parameters/Project"}]}},"/api/v1/organizations/{organization_id}/prices":{"get":{\##
        "tags":["Prices"],"operationId":"getOrganizationPrices","summary":"Get an organization's own prices","description":"Pric\##
        es that count for its projects before the installation's. Not those of the installation.","x-permission":"organization.r\##
        ead","parameters":[{"name":"organization_id","in":"path","required":true,"description":"The organization's id.","schema"\##
        :{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The prices.","content\##
        ":{"application/json":{"schema":{"$ref":"#/components/schemas/PriceList"}}}},"400":{"$ref":"#/components/responses/Malfo\##
        rmed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{\##
        "$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/re\##
        sponses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"put":{"tags":["Prices"],"operationId":"replaceOr\##
        ganizationPrices","summary":"Replace an organization's own prices","description":"Makes these all the prices of the orga\##
        nization, instead of those it had; an empty list ends them. Spans of its projects that come in from now on are priced wi\##
        th them, but for those with prices of the project. Needs the scope `admin` of a key that reaches the organization.","x-p\##
        ermission":"prices.write","parameters":[{"name":"organization_id","in":"path","required":true,"description":"The organiz\##
        ation's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"con\##
        tent":{"application/json":{"schema":{"type":"object","additionalProperties":false,"required":["prices"],"properties":{"p\##
        rices":{"type":"array","description":"0 to 4000 prices.","items":{"$ref":"#/components/schemas/NewPrice"}}}}}}},"respons\##
        es":{"200":{"description":"The new version.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Price\##
        Version"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"\##
        403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/compo\##
        nents/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsuppo\##
        rtedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"5\##
        00":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/projects/{p\##
        roject_id}/prices":{"get":{"tags":["Prices"],"operationId":"getProjectPrices","summary":"Get a project's own prices","de\##
        scription":"Prices that count for its spans before those of the organization and the installation. Not the others. Needs\##
         the scope `read`.","x-permission":"prices.read","parameters":[{"name":"project_id","in":"path","required":true,"descrip\##
        tion":"The project's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"d\##
        escription":"The prices.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/PriceList"}}}},"400":{"$\##
        ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/compon\##
        ents/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limite\##
        d"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"put":{"tags":[\##
        "Prices"],"operationId":"replaceProjectPrices","summary":"Replace a project's own prices","description":"Makes these all\##
         the prices of the project, instead of those it had; an empty list ends them. Its spans that come in from now on are pri\##
        ced with them. Needs the scope `admin`.","x-permission":"settings.manage","parameters":[{"name":"project_id","in":"path"\##
        ,"required":true,"description":"The project's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"\##
        }],"requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object","additionalProperties":false,\##
        "required":["prices"],"properties":{"prices":{"type":"array","description":"0 to 4000 prices.","items":{"$ref":"#/compon\##
        ents/schemas/NewPrice"}}}}}}},"responses":{"200":{"description":"The new version.","content":{"application/json":{"schem\##
        a":{"$ref":"#/components/schemas/PriceVersion"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/co\##
        mponents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/respo\##
        nses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{\##
        "$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref\##
        ":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses\##
        /Unavailable"}}}},"/api/v1/prices/reapply":{"post":{"tags":["Prices"],"operationId":"reapplyPrices","summary":"Apply pri\##
        ces to stored spans","description":"Works the costs of the project's stored spans out anew, each by the price that held\##
         when it began, in the newest version of the prices; what was billed stays the cost. With `dry_run` nothing is changed,\##
         and what would is counted. A task does it, one at a time for a project: `GET /api/v1/tasks/{task_id}` has its progress,\##
         in rows, and its result; it can be cancelled, and goes on after a restart. Needs the scope `admin`; answers 409 while a\##
        nother one is under way.","x-permission":"settings.manage","requestBody":{"required":true,"content":{"application/json":\##
        {"schema":{"$ref":"#/components/schemas/ReapplicationOrder"}}}},"responses":{"202":{"description":"The task, of the kind\##
         `reapplication`. Its `result` is what was found; while it is under way, what was found so far.","content":{"application\##
        /json":{"schema":{"allOf":[{"$ref":"#/components/schemas/Task"},{"type":"object","properties":{"result":{"anyOf":[{"$ref\##
        ":"#/components/schemas/ReapplicationResult"},{"type":"null"}]}}}]}}}},"400":{"$ref":"#/components/responses/Malformed"}\##
        ,"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref"\##
        :"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/response\##
        s/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType\##
        "},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"\##
        #/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}},"parameters":[{"$ref":"#/components\##
        /parameters/Project"}]}},"/api/v1/mappings/reapply":{"post":{"tags":["Prices"],"operationId":"reapplyMapping","summary":\##
        "Apply the mapping to stored spans","description":"Works the fields of stored spans that an older mapping filled out ane\##
        w from their attributes, their costs by the prices of today. The attributes stay as they were sent. With `dry_run` nothi\##
        ng is changed, and what would is counted. A task does it, one at a time for a project: `GET /api/v1/tasks/{task_id}` has\##
         its progress, in rows, and its result; it can be cancelled, and goes on after a restart. Needs the scope `admin`; answe\##
        rs 409 while another one is under way.","x-permission":"settings.manage","requestBody":{"required":true,"content":{"appl\##
        ication/json":{"schema":{"$ref":"#/components/schemas/ReapplicationOrder"}}}},"responses":{"202":{"description":"The tas\##
        k, of the kind `reapplication`. Its `result` is what was found; while it is under way, what was found so far.","content"\##
        :{"application/json":{"schema":{"allOf":[{"$ref":"#/components/schemas/Task"},{"type":"object","properties":{"result":{"\##
        anyOf":[{"$ref":"#/components/schemas/ReapplicationResult"},{"type":"null"}]}}}]}}}},"400":{"$ref":"#/components/respons\##
        es/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"}\##
        ,"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/compo\##
        nents/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsupp\##
        ortedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"\##
        500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}},"parameters":[{"$ref"\##
        :"#/components/parameters/Project"}]}}
        """##

    static let pricesSchemas = ##"""
        "Price":{"description":"What a model costs from a day on.","type":"object","additionalProperties":false,"required":["pro\##
        vider","model_pattern","effective_from","input_per_million","cache_read_per_million","cache_write_per_million","cache_wr\##
        ite_1h_per_million","audio_input_per_million","audio_cache_read_per_million","image_input_per_million","image_cache_read\##
        _per_million","output_per_million","reasoning_per_million","audio_output_per_million","image_output_per_million","tiers"\##
        ,"source"],"properties":{"provider":{"type":["string","null"],"description":"Canonical name; null for any."},"model_patt\##
        ern":{"type":"string","description":"A model's name; with `*` at its end, the beginning of one; between two `/`, a regul\##
        ar expression that the whole name matches."},"effective_from":{"type":"string","description":"From when on it holds. RFC\##
         3339 with nanoseconds, UTC.","format":"date-time"},"input_per_million":{"type":"number","description":"US dollars per m\##
        illion tokens.","minimum":0},"cache_read_per_million":{"type":["number","null"],"description":"Null: as input.","minimum\##
        ":0},"cache_write_per_million":{"type":["number","null"],"description":"Null: as input.","minimum":0},"cache_write_1h_pe\##
        r_million":{"type":["number","null"],"description":"Kept for an hour. Null: as cache writes.","minimum":0},"audio_input_\##
        per_million":{"type":["number","null"],"description":"Null: as input.","minimum":0},"audio_cache_read_per_million":{"typ\##
        e":["number","null"],"description":"Null: as cache reads.","minimum":0},"image_input_per_million":{"type":["number","nul\##
        l"],"description":"Null: as input.","minimum":0},"image_cache_read_per_million":{"type":["number","null"],"description":\##
        "Null: as cache reads.","minimum":0},"output_per_million":{"type":"number","description":"The same.","minimum":0},"reaso\##
        ning_per_million":{"type":["number","null"],"description":"Null: as output.","minimum":0},"audio_output_per_million":{"t\##
        ype":["number","null"],"description":"Null: as output.","minimum":0},"image_output_per_million":{"type":["number","null"\##
        ],"description":"Null: as output.","minimum":0},"tiers":{"type":"array","description":"Where other rates count: for a se\##
        rvice tier, for long inputs, or both. At most 16.","items":{"$ref":"#/components/schemas/PriceTier"}},"source":{"type":"\##
        string","description":"Where the price stands."}}},"NewPrice":{"type":"object","additionalProperties":false,"required":[\##
        "model_pattern","effective_from","input_per_million","output_per_million"],"properties":{"provider":{"type":["string","n\##
        ull"],"description":"Canonical name; null for any."},"model_pattern":{"type":"string","description":"A model's name; wit\##
        h `*` at its end, the beginning of one; between two `/`, a regular expression that the whole name matches."},"effective_\##
        from":{"type":"string","description":"From when on it holds. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"inp\##
        ut_per_million":{"type":"number","description":"US dollars per million tokens.","minimum":0},"cache_read_per_million":{"\##
        type":["number","null"],"description":"Null: as input.","minimum":0},"cache_write_per_million":{"type":["number","null"]\##
        ,"description":"Null: as input.","minimum":0},"cache_write_1h_per_million":{"type":["number","null"],"description":"Kept\##
         for an hour. Null: as cache writes.","minimum":0},"audio_input_per_million":{"type":["number","null"],"description":"Nu\##
        ll: as input.","minimum":0},"audio_cache_read_per_million":{"type":["number","null"],"description":"Null: as cache reads\##
        .","minimum":0},"image_input_per_million":{"type":["number","null"],"description":"Null: as input.","minimum":0},"image_\##
        cache_read_per_million":{"type":["number","null"],"description":"Null: as cache reads.","minimum":0},"output_per_million\##
        ":{"type":"number","description":"The same.","minimum":0},"reasoning_per_million":{"type":["number","null"],"description\##
        ":"Null: as output.","minimum":0},"audio_output_per_million":{"type":["number","null"],"description":"Null: as output.",\##
        "minimum":0},"image_output_per_million":{"type":["number","null"],"description":"Null: as output.","minimum":0},"tiers":\##
        {"type":"array","description":"Where other rates count: for a service tier, for long inputs, or both. At most 16.","item\##
        s":{"$ref":"#/components/schemas/NewPriceTier"}},"source":{"type":"string","description":"Where the price stands."}}},"P\##
        riceList":{"type":"object","additionalProperties":false,"required":["data","next_cursor","version"],"properties":{"data"\##
        :{"type":"array","description":"Prices.","items":{"$ref":"#/components/schemas/Price"}},"next_cursor":{"type":["string",\##
        "null"],"description":"For the next page; null on the last one."},"version":{"type":"integer","description":"Version of\##
         the price table."}}},"PriceVersion":{"type":"object","additionalProperties":false,"required":["version","count"],"prope\##
        rties":{"version":{"type":"integer","description":"Version of the price table."},"count":{"type":"integer","description"\##
        :"Prices added."}}},"PriceTier":{"description":"Rates for a part of a model's calls.","type":"object","additionalPropert\##
        ies":false,"required":["service_tier","above_input_tokens","input_per_million","cache_read_per_million","cache_write_per\##
        _million","cache_write_1h_per_million","audio_input_per_million","audio_cache_read_per_million","image_input_per_million\##
        ","image_cache_read_per_million","output_per_million","reasoning_per_million","audio_output_per_million","image_output_p\##
        er_million"],"properties":{"service_tier":{"type":"string","enum":["standard","batch","flex","priority"],"description":"\##
        How the provider served the call. Flex without prices of its own costs as batch."},"above_input_tokens":{"type":"integer\##
        ","description":"For calls with more input tokens than these, and then for all their tokens; 0 for any.","minimum":0},"i\##
        nput_per_million":{"type":["number","null"],"description":"Null: as what it is a part of, here; else as the price says."\##
        ,"minimum":0},"cache_read_per_million":{"type":["number","null"],"description":"Null: as what it is a part of, here; els\##
        e as the price says.","minimum":0},"cache_write_per_million":{"type":["number","null"],"description":"Null: as what it i\##
        s a part of, here; else as the price says.","minimum":0},"cache_write_1h_per_million":{"type":["number","null"],"descrip\##
        tion":"Null: as what it is a part of, here; else as the price says.","minimum":0},"audio_input_per_million":{"type":["nu\##
        mber","null"],"description":"Null: as what it is a part of, here; else as the price says.","minimum":0},"audio_cache_rea\##
        d_per_million":{"type":["number","null"],"description":"Null: as what it is a part of, here; else as the price says.","m\##
        inimum":0},"image_input_per_million":{"type":["number","null"],"description":"Null: as what it is a part of, here; else\##
         as the price says.","minimum":0},"image_cache_read_per_million":{"type":["number","null"],"description":"Null: as what\##
         it is a part of, here; else as the price says.","minimum":0},"output_per_million":{"type":["number","null"],"descriptio\##
        n":"Null: as what it is a part of, here; else as the price says.","minimum":0},"reasoning_per_million":{"type":["number"\##
        ,"null"],"description":"Null: as what it is a part of, here; else as the price says.","minimum":0},"audio_output_per_mil\##
        lion":{"type":["number","null"],"description":"Null: as what it is a part of, here; else as the price says.","minimum":0\##
        },"image_output_per_million":{"type":["number","null"],"description":"Null: as what it is a part of, here; else as the p\##
        rice says.","minimum":0}}},"NewPriceTier":{"description":"A tier names a service tier, a length, or both, and has at lea\##
        st one rate.","type":"object","additionalProperties":false,"properties":{"service_tier":{"type":"string","enum":["standa\##
        rd","batch","flex","priority"],"description":"How the provider served the call. Flex without prices of its own costs as\##
         batch.","default":"standard"},"above_input_tokens":{"type":"integer","description":"For calls with more input tokens th\##
        an these, and then for all their tokens; 0 for any.","minimum":0,"default":0},"input_per_million":{"type":["number","nul\##
        l"],"description":"Null: as what it is a part of, here; else as the price says.","minimum":0},"cache_read_per_million":{\##
        "type":["number","null"],"description":"Null: as what it is a part of, here; else as the price says.","minimum":0},"cach\##
        e_write_per_million":{"type":["number","null"],"description":"Null: as what it is a part of, here; else as the price say\##
        s.","minimum":0},"cache_write_1h_per_million":{"type":["number","null"],"description":"Null: as what it is a part of, he\##
        re; else as the price says.","minimum":0},"audio_input_per_million":{"type":["number","null"],"description":"Null: as wh\##
        at it is a part of, here; else as the price says.","minimum":0},"audio_cache_read_per_million":{"type":["number","null"]\##
        ,"description":"Null: as what it is a part of, here; else as the price says.","minimum":0},"image_input_per_million":{"t\##
        ype":["number","null"],"description":"Null: as what it is a part of, here; else as the price says.","minimum":0},"image_\##
        cache_read_per_million":{"type":["number","null"],"description":"Null: as what it is a part of, here; else as the price\##
         says.","minimum":0},"output_per_million":{"type":["number","null"],"description":"Null: as what it is a part of, here;\##
         else as the price says.","minimum":0},"reasoning_per_million":{"type":["number","null"],"description":"Null: as what it\##
         is a part of, here; else as the price says.","minimum":0},"audio_output_per_million":{"type":["number","null"],"descrip\##
        tion":"Null: as what it is a part of, here; else as the price says.","minimum":0},"image_output_per_million":{"type":["n\##
        umber","null"],"description":"Null: as what it is a part of, here; else as the price says.","minimum":0}}},"Reapplicatio\##
        nOrder":{"description":"What to apply, and to which spans.","type":"object","additionalProperties":false,"properties":{"\##
        dry_run":{"type":"boolean","description":"Whether to count only. Default: false."},"received_from":{"type":["string","nu\##
        ll"],"format":"date","description":"Only what came in from this UTC day on."},"received_to":{"type":["string","null"],"f\##
        ormat":"date","description":"Only what came in up to this UTC day, the day included."}}},"ReapplicationResult":{"descrip\##
        tion":"What changed, or would. Sums are of the spans looked at, each for itself; event records have none.","type":"objec\##
        t","additionalProperties":false,"required":["subject","dry_run","mapping_version","price_version","segments","rewritten_\##
        segments","skipped_segments","spans","changed_spans","changed_event_records","fields","before","after","models","sample"\##
        ],"properties":{"subject":{"type":"string","enum":["mapping","prices"],"description":"What was applied."},"dry_run":{"ty\##
        pe":"boolean","description":"Whether nothing was written."},"mapping_version":{"type":"integer","description":"The mappi\##
        ng of today."},"price_version":{"type":"integer","description":"The prices of today."},"segments":{"type":"integer","des\##
        cription":"Segments that were of older versions."},"rewritten_segments":{"type":"integer","description":"Those of which\##
         something changed; 0 of a dry run."},"skipped_segments":{"type":"array","description":"Those that are left as they are.\##
        ","items":{"type":"object","additionalProperties":false,"required":["segment","reason"],"properties":{"segment":{"type":\##
        "integer","description":"Its number."},"reason":{"type":"string","description":"Why."}}}},"spans":{"type":"integer","des\##
        cription":"Spans looked at."},"changed_spans":{"type":"integer","description":"Spans of which a field changes."},"change\##
        d_event_records":{"type":"integer","description":"Event records of which a field changes."},"fields":{"type":"object","d\##
        escription":"By the field's name, how many spans change it.","additionalProperties":{"type":"integer"}},"before":{"type"\##
        :"object","additionalProperties":false,"required":["cost","input_tokens","output_tokens","cache_read_tokens","cache_writ\##
        e_tokens","reasoning_tokens"],"properties":{"cost":{"type":"number","description":"US dollars."},"input_tokens":{"type":\##
        "integer","description":"Tokens."},"output_tokens":{"type":"integer","description":"Tokens."},"cache_read_tokens":{"type\##
        ":"integer","description":"Tokens."},"cache_write_tokens":{"type":"integer","description":"Tokens."},"reasoning_tokens":\##
        {"type":"integer","description":"Tokens."}},"description":"Sums as they were."},"after":{"type":"object","additionalProp\##
        erties":false,"required":["cost","input_tokens","output_tokens","cache_read_tokens","cache_write_tokens","reasoning_toke\##
        ns"],"properties":{"cost":{"type":"number","description":"US dollars."},"input_tokens":{"type":"integer","description":"\##
        Tokens."},"output_tokens":{"type":"integer","description":"Tokens."},"cache_read_tokens":{"type":"integer","description"\##
        :"Tokens."},"cache_write_tokens":{"type":"integer","description":"Tokens."},"reasoning_tokens":{"type":"integer","descri\##
        ption":"Tokens."}},"description":"Sums as they become."},"models":{"type":"array","description":"Those whose costs chang\##
        e most, 20 at most; null for none, and for those beyond the first 1,000.","items":{"type":"object","additionalProperties\##
        ":false,"required":["model","changed_spans","cost_before","cost_after"],"properties":{"model":{"type":["string","null"],\##
        "description":"The model that counts."},"changed_spans":{"type":"integer","description":"Spans of which a field changes.\##
        "},"cost_before":{"type":"number","description":"US dollars."},"cost_after":{"type":"number","description":"US dollars."\##
        }}}},"sample":{"type":"array","description":"The first spans that change, 20 at most.","items":{"type":"object","additio\##
        nalProperties":false,"required":["trace_id","span_id","fields"],"properties":{"trace_id":{"type":"string","description":\##
        "Its trace."},"span_id":{"type":"string","description":"The span."},"fields":{"type":"array","description":"What changes\##
        .","items":{"type":"object","additionalProperties":false,"required":["field","before","after"],"properties":{"field":{"t\##
        ype":"string","description":"The field's name in queries."},"before":{"description":"As it was."},"after":{"description"\##
        :"As it becomes."}}}}}}}}}
        """##
}
