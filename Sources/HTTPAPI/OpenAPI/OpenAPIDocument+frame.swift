/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let tagPaths = [
        apikeysPaths,
        auditPaths,
        authenticationPaths,
        credentialsPaths,
        deletionsPaths,
        draftsPaths,
        endusersPaths,
        eventsPaths,
        execPaths,
        featuresPaths,
        ingestPaths,
        kbPaths,
        kbdraftsPaths,
        kbrevisionsPaths,
        kbsearchPaths,
        langfusePaths,
        membersPaths,
        openidconnectPaths,
        operationsPaths,
        organizationsPaths,
        outcomesPaths,
        pricesPaths,
        projectsPaths,
        quarantinePaths,
        queryPaths,
        runsPaths,
        scoresPaths,
        scoringPaths,
        sessionsPaths,
        settingsPaths,
        storePaths,
        suitefilesPaths,
        suitesPaths,
        tasksPaths,
        tracesPaths,
        usersPaths,
        workersPaths,
    ]

    static let tagSchemas = [
        apikeysSchemas,
        auditSchemas,
        authenticationSchemas,
        credentialsSchemas,
        deletionsSchemas,
        draftsSchemas,
        endusersSchemas,
        eventsSchemas,
        execSchemas,
        featuresSchemas,
        ingestSchemas,
        kbSchemas,
        kbdraftsSchemas,
        kbrevisionsSchemas,
        kbsearchSchemas,
        langfuseSchemas,
        membersSchemas,
        openidconnectSchemas,
        operationsSchemas,
        organizationsSchemas,
        outcomesSchemas,
        pricesSchemas,
        projectsSchemas,
        quarantineSchemas,
        querySchemas,
        runsSchemas,
        scoresSchemas,
        scoringSchemas,
        sessionsSchemas,
        settingsSchemas,
        storeSchemas,
        suitefilesSchemas,
        suitesSchemas,
        tasksSchemas,
        tracesSchemas,
        usersSchemas,
        workersSchemas,
    ]

    static let frameMembers = ##"""
        "openapi":"3.1.0","info":{"title":"Spandrel","version":"1.0.0","description":"Traces of LLM applications: OTLP in, answe\##
        rs out.\n\nJSON is snake_case, times are RFC 3339 with nanoseconds, lists are `{\"data\": [...], \"next_cursor\": ...}`.\##
         Errors are RFC 9457 problem documents; on OTLP's paths they are `google.rpc.Status` in the encoding of the request. Eve\##
        ry reply carries `x-request-id`. Any request may also be answered 400 or 431 when it is not valid HTTP, 403 when a brows\##
        er sends it from an origin that is not allowed, 404 or 405 when its path or method is none of these, and 504 when it too\##
        k ten minutes.\n\nEvery operation names what it needs in `x-permission`; docs/access.md has the scopes of keys and the r\##
        oles of users behind each.","license":{"name":"See the repository","identifier":"LicenseRef-Repository"}},"servers":[{"u\##
        rl":"http://127.0.0.1:4318","description":"The default of `spandrel serve`."}],"security":[{"bearer":[]},{"header":[]}],\##
        "tags":[{"name":"Ingest","description":"Export requests of OpenTelemetry."},{"name":"Langfuse","description":"What Langf\##
        use's SDKs ask for beside OTLP: docs/langfuse.md."},{"name":"Traces","description":"Whole traces and lists of them."},{"\##
        name":"Sessions","description":"Conversations: traces that share a session id."},{"name":"EndUsers","description":"Users\##
         of the traced applications."},{"name":"Deletions","description":"What was deleted, with receipts: docs/deletion.md."},{\##
        "name":"Query","description":"Spans selected or grouped by a filter."},{"name":"Suites","description":"Suites of test ca\##
        ses, in versions."},{"name":"Runs","description":"Suites run against models and applications."},{"name":"Scores","descri\##
        ption":"Judgements of scorers, people and applications."},{"name":"Knowledge","description":"What agents are told: the a\##
        ctive revision, and searches."},{"name":"KnowledgeDrafts","description":"Changes of the knowledge base: written, reviewe\##
        d, promoted."},{"name":"KnowledgeRevisions","description":"What the knowledge base was, and the way back."},{"name":"Fea\##
        tures","description":"What users were trying to do, found in traces."},{"name":"Scoring","description":"Scorers over sto\##
        red spans: rules, backfills, decisions."},{"name":"Authentication","description":"Signing in and out, password resets, a\##
        ccepting invitations."},{"name":"Users","description":"The signed-in user."},{"name":"Organizations","description":"Orga\##
        nizations and their feature flags."},{"name":"Members","description":"Members of organizations and projects, and invitat\##
        ions."},{"name":"Credentials","description":"Keys of AI providers."},{"name":"Projects","description":"What spans, keys\##
         and prompts belong to."},{"name":"APIKeys","description":"Keys of projects."},{"name":"Settings","description":"Retenti\##
        on, limits, redaction, origins of a project."},{"name":"Audit","description":"Who did what."},{"name":"Tasks","descripti\##
        on":"Long operations."},{"name":"Events","description":"What happens to runs and other tasks, live."},{"name":"Prices","\##
        description":"What models cost, from when."},{"name":"Workers","description":"What processes that work on runs show when\##
         they send spans."},{"name":"Store","description":"Segments on disk."},{"name":"Quarantine","description":"Spans that we\##
        re refused."},{"name":"Operations","description":"Health, metrics and this document."}]
        """##

    static let componentMembers = ##"""
        "securitySchemes":{"bearer":{"type":"http","scheme":"bearer","description":"An API key, or a signed-in user's access tok\##
        en. For keys a bare `Authorization: KEY` and Basic with the key as password are read, too."},"header":{"type":"apiKey","\##
        in":"header","name":"x-api-key","description":"An API key; `api-key` is read, too."}},"responses":{"Malformed":{"descrip\##
        tion":"The request cannot be read: a parameter, its JSON or the query in it.","content":{"application/problem+json":{"sc\##
        hema":{"$ref":"#/components/schemas/Problem"}}}},"Unauthenticated":{"description":"No credentials, or none that open any\##
        thing.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}},"headers":{"WWW-Authen\##
        ticate":{"description":"`Bearer`.","schema":{"type":"string"}}}},"Forbidden":{"description":"The key lacks the scope, th\##
        e user the role, or the network is not allowed.","content":{"application/problem+json":{"schema":{"$ref":"#/components/s\##
        chemas/Problem"}}}},"NotFound":{"description":"There is no such thing, or it belongs to somebody else.","content":{"appl\##
        ication/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"TooSlow":{"description":"The body came too s\##
        lowly.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"Conflict":{"descript\##
        ion":"Something of that name is there already.","content":{"application/problem+json":{"schema":{"$ref":"#/components/sc\##
        hemas/Problem"}}}},"TooLarge":{"description":"The body is larger than this operation reads.","content":{"application/pro\##
        blem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"UnsupportedMediaType":{"description":"The body is of an\##
        other type or encoding.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"Unp\##
        rocessable":{"description":"Well-formed, but it cannot be done: a field means nothing here, or a query hit its limit.","\##
        content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"Defect":{"description":"A def\##
        ect of the server; its log has the cause under the request id.","content":{"application/problem+json":{"schema":{"$ref":\##
        "#/components/schemas/Problem"}}}},"Unavailable":{"description":"The server, its database or its store cannot do this no\##
        w.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}},"headers":{"Retry-After":{\##
        "description":"Seconds after which to try again.","schema":{"type":"integer"}}}},"Limited":{"description":"Over a limit\##
         of the key, of the project or of sign-in.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schema\##
        s/Problem"}}},"headers":{"Retry-After":{"description":"Seconds after which to try again.","schema":{"type":"integer"}},"\##
        RateLimit-Limit":{"description":"What the limit allows a second.","schema":{"type":"integer"}},"RateLimit-Remaining":{"d\##
        escription":"What is left of it.","schema":{"type":"integer"}},"RateLimit-Reset":{"description":"Seconds until there is\##
         room again.","schema":{"type":"integer"}},"RateLimit-Policy":{"description":"Which limit it is.","schema":{"type":"stri\##
        ng"}}}},"Changed":{"description":"It has another version by now.","content":{"application/problem+json":{"schema":{"$ref\##
        ":"#/components/schemas/Problem"}}}}},"parameters":{"Project":{"name":"Spandrel-Project","in":"header","required":false,\##
        "description":"The project a signed-in user means. A key has its own.","schema":{"type":"string"}}}
        """##

    static let frameSchemas = ##"""
        "Problem":{"description":"RFC 9457.","type":"object","additionalProperties":false,"required":["type","title","status","d\##
        etail","request_id","errors"],"properties":{"type":{"type":"string","description":"Kind of problem: `urn:spandrel:proble\##
        m:...`."},"title":{"type":"string","description":"The status in words."},"status":{"type":"integer","description":"The H\##
        TTP status."},"detail":{"type":"string","description":"What happened and what to do."},"request_id":{"type":"string","de\##
        scription":"As in `x-request-id` and in the server's log."},"errors":{"type":"array","description":"The fields at fault;\##
         empty when there are none.","items":{"type":"object","additionalProperties":false,"required":["field","message"],"prope\##
        rties":{"field":{"type":"string","description":"A parameter, or a path into the body."},"message":{"type":"string","desc\##
        ription":"What is wrong with it."}}}}}}
        """##
}
