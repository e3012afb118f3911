/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let suitefilesPaths = ##"""
        "/api/v1/suites/{suite_id}/import":{"post":{"tags":["Suites"],"operationId":"importTestCases","summary":"Import test cas\##
        es","description":"Adds the cases of a file to the suite, or puts them in the place of those with their keys, as one new\##
         version; no case is removed. Cases that cannot be read are left out and named in `problems` with their lines; when none\##
         can be read, the answer is 422 and nothing changes. At most 64 MiB; a promptfoo file 8 MiB.","x-permission":"suites.wri\##
        te","parameters":[{"name":"suite_id","in":"path","required":true,"description":"The suite's id.","schema":{"type":"strin\##
        g"}},{"$ref":"#/components/parameters/Project"},{"name":"format","in":"query","required":false,"description":"What the f\##
        ile is.","schema":{"type":"string","enum":["jsonl","csv","promptfoo"],"default":"jsonl"}},{"name":"dry_run","in":"query"\##
        ,"required":false,"description":"Say what would be done, and do nothing.","schema":{"type":"boolean","default":false}}],\##
        "requestBody":{"required":true,"content":{"application/jsonl":{"schema":{"type":"string","description":"One case a line.\##
        "},"example":"{\"key\": \"spain\", \"input\": \"What is the capital of Spain?\", \"expected\": \"Madrid\", \"scorers\":\##
         [{\"kind\": \"contains\"}]}\n"},"text/csv":{"schema":{"type":"string","description":"A record a case; docs/suites.md ha\##
        s the columns."},"example":"key,input,expected\nspain,What is the capital of Spain?,Madrid\n"},"application/yaml":{"sche\##
        ma":{"type":"string","description":"A promptfoo configuration."}}}},"responses":{"200":{"description":"What was, or woul\##
        d be, done.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/ImportReport"}}}},"400":{"$ref":"#/co\##
        mponents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/respo\##
        nses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":\##
        {"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#\##
        /components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/respon\##
        ses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/suites/{suite_id}/export":{"get":{"tags":["\##
        Suites"],"operationId":"exportTestCases","summary":"Export test cases","description":"A version of the suite as a file,\##
         in the order of the keys. JSONL and CSV can be imported again and are the same; a promptfoo file begins with comments t\##
        hat name what promptfoo has no counterpart of.","x-permission":"suites.read","parameters":[{"name":"suite_id","in":"path\##
        ","required":true,"description":"The suite's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}\##
        ,{"name":"format","in":"query","required":false,"description":"What the file is.","schema":{"type":"string","enum":["jso\##
        nl","csv","promptfoo"],"default":"jsonl"}},{"name":"version","in":"query","required":false,"description":"Which version;\##
         the newest by default.","schema":{"type":"integer","minimum":0,"maximum":2147483647}}],"responses":{"200":{"description\##
        ":"The file.","content":{"application/jsonl":{"schema":{"type":"string","description":"One case a line."}},"text/csv":{"\##
        schema":{"type":"string","description":"A record a case."}},"application/yaml":{"schema":{"type":"object","description":\##
        "A promptfoo configuration.","required":["tests"],"properties":{"tests":{"type":"array","items":{"type":"object"}}}}}},"\##
        headers":{"Content-Disposition":{"description":"A name for the file.","schema":{"type":"string"}}}},"400":{"$ref":"#/com\##
        ponents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/respon\##
        ses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"422":{"description":"A suite too large for a promptfoo\##
         file.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"429":{"$ref":"#/comp\##
        onents/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavaila\##
        ble"}}}},"/api/v1/suites/sync":{"post":{"tags":["Suites"],"operationId":"syncSuiteFile","summary":"Make a suite what its\##
         file says","description":"For a suite that is kept as a YAML file beside the code: the suite of the file's name is made\##
         if it is not there, and its cases become those of the file as one new version; the same file again makes no version. A\##
         file with any fault changes nothing: the answer is 422 and names each with its line. At most 8 MiB.","x-permission":"su\##
        ites.write","parameters":[{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"applica\##
        tion/yaml":{"schema":{"type":"string","description":"docs/suites.md describes it."},"example":"name: rivers\ndefaults:\n\##
          scorers:\n    - kind: contains\ncases:\n  - key: longest\n    input: What is the longest river of Africa?\n    expecte\##
        d: Nile\n"}}},"responses":{"200":{"description":"The suite, and what was done.","content":{"application/json":{"schema":\##
        {"$ref":"#/components/schemas/SuiteSynced"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/compon\##
        ents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses\##
        /NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"},"413":{"$re\##
        f":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/comp\##
        onents/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/D\##
        efect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/suites/{suite_id}/test-cases/from-span":{"post":\##
        {"tags":["Suites"],"operationId":"createTestCaseFromSpan","summary":"Make a test case from a span","description":"The me\##
        ssages that the span was given become the case's input, and the span its source. A case of this key is replaced in the n\##
        ew version.","x-permission":"suites.write","parameters":[{"name":"suite_id","in":"path","required":true,"description":"T\##
        he suite's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"\##
        content":{"application/json":{"schema":{"$ref":"#/components/schemas/SpanTestCase"},"example":{"trace_id":"$SPANDREL_TRA\##
        CE_ID","span_id":"$SPANDREL_SPAN_ID","key":"from-production","expected_from_output":true,"scorers":[{"kind":"contains"}]\##
        }}}},"responses":{"200":{"description":"What was done, and the case.","content":{"application/json":{"schema":{"$ref":"#\##
        /components/schemas/SpanTestCaseMade"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/\##
        responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotF\##
        ound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#\##
        /components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/comp\##
        onents/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavaila\##
        ble"}}}}
        """##

    static let suitefilesSchemas = ##"""
        "ImportProblem":{"description":"One thing wrong in a file.","type":"object","additionalProperties":false,"required":["li\##
        ne","column","path","message"],"properties":{"line":{"type":"integer","description":"From 1."},"column":{"type":"integer\##
        ","description":"From 1."},"path":{"type":"string","description":"Where in the case; empty for the case as a whole."},"m\##
        essage":{"type":"string","description":"What is wrong."}}},"ImportReport":{"description":"What became of a file.","type"\##
        :"object","additionalProperties":false,"required":["version","added","changed","unchanged","left_out","problems","omitte\##
        d_problem_count"],"properties":{"version":{"type":"integer","description":"The suite's newest version afterwards."},"add\##
        ed":{"type":"integer","description":"Cases added."},"changed":{"type":"integer","description":"Cases changed."},"unchang\##
        ed":{"type":"integer","description":"Cases that were there as they are."},"left_out":{"type":"integer","description":"Ca\##
        ses, lines or records left out for a fault."},"problems":{"type":"array","description":"The first 200, in the order of t\##
        he file.","items":{"$ref":"#/components/schemas/ImportProblem"}},"omitted_problem_count":{"type":"integer","description"\##
        :"Problems beyond those."}}},"SuiteSynced":{"description":"What a suite's file did.","type":"object","additionalProperti\##
        es":false,"required":["suite","version","added","changed","removed","unchanged"],"properties":{"suite":{"$ref":"#/compon\##
        ents/schemas/Suite"},"version":{"type":"integer","description":"The suite's newest version, which is that of the file."}\##
        ,"added":{"type":"integer","description":"Cases added."},"changed":{"type":"integer","description":"Cases changed."},"re\##
        moved":{"type":"integer","description":"Cases removed."},"unchanged":{"type":"integer","description":"Cases that were th\##
        ere as they are."}}},"SpanTestCase":{"description":"A case to be made from a span.","type":"object","additionalPropertie\##
        s":false,"required":["trace_id","span_id"],"properties":{"trace_id":{"type":"string","description":"The trace: 32 hexade\##
        cimal digits."},"span_id":{"type":"string","description":"The span: 16 hexadecimal digits."},"key":{"type":["string","nu\##
        ll"],"description":"The case's key; `span-` and the span's id by default.","minLength":1,"maxLength":256},"expected":{"d\##
        escription":"What a right answer is: a text, or any JSON."},"expected_from_output":{"type":["boolean","null"],"descripti\##
        on":"What the span answered is what is expected."},"scorers":{"type":["array","null"],"description":"How answers are jud\##
        ged.","items":{"type":"object","description":"A scorer; docs/scorers.md.","additionalProperties":true}},"tags":{"type":[\##
        "array","null"],"description":"For filters.","items":{"type":"string","description":"A tag."}},"split":{"type":["string"\##
        ,"null"],"description":"Which part of the suite it belongs to."},"metadata":{"type":["object","null"],"description":"Wha\##
        tever else.","additionalProperties":true}}},"SpanTestCaseMade":{"description":"What was done, and the case.","type":"obj\##
        ect","additionalProperties":false,"required":["version","added_count","changed_count","removed_count","test_case"],"prop\##
        erties":{"version":{"anyOf":[{"$ref":"#/components/schemas/SuiteVersion"},{"type":"null"}],"description":"The version it\##
         made; null when nothing changed."},"added_count":{"type":"integer","description":"Cases added."},"changed_count":{"type\##
        ":"integer","description":"Cases changed."},"removed_count":{"type":"integer","description":"Cases removed."},"test_case\##
        ":{"$ref":"#/components/schemas/StoredTestCase"}}}
        """##
}
