/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let suitesPaths = ##"""
        "/api/v1/suites":{"post":{"tags":["Suites"],"operationId":"createSuite","summary":"Create a suite","description":"An emp\##
        ty suite of test cases.","x-permission":"suites.write","parameters":[{"$ref":"#/components/parameters/Project"}],"reques\##
        tBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewSuite"},"example":{"nam\##
        e":"geography"}}}},"responses":{"201":{"description":"The suite.","content":{"application/json":{"schema":{"$ref":"#/com\##
        ponents/schemas/Suite"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unaut\##
        henticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"\##
        $ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"},"413":{"$ref":"#/components/res\##
        ponses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unp\##
        rocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref\##
        ":"#/components/responses/Unavailable"}}},"get":{"tags":["Suites"],"operationId":"listSuites","summary":"List suites","d\##
        escription":"Newest first.","x-permission":"suites.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name\##
        ":"include_archived","in":"query","required":false,"description":"Archived ones, too.","schema":{"type":"boolean","defau\##
        lt":false}},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","\##
        minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of t\##
        he page before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of suites.","content":{"applicat\##
        ion/json":{"schema":{"$ref":"#/components/schemas/SuiteList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401"\##
        :{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/co\##
        mponents/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defe\##
        ct"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/suites/{suite_id}":{"get":{"tags":["Suites"],"opera\##
        tionId":"getSuite","summary":"Show a suite","description":"One suite.","x-permission":"suites.read","parameters":[{"name\##
        ":"suite_id","in":"path","required":true,"description":"The suite's id.","schema":{"type":"string"}},{"$ref":"#/componen\##
        ts/parameters/Project"}],"responses":{"200":{"description":"The suite.","content":{"application/json":{"schema":{"$ref":\##
        "#/components/schemas/Suite"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses\##
        /Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"4\##
        29":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components\##
        /responses/Unavailable"}}},"patch":{"tags":["Suites"],"operationId":"updateSuite","summary":"Rename a suite","descriptio\##
        n":"What is absent stays as it is.","x-permission":"suites.write","parameters":[{"name":"suite_id","in":"path","required\##
        ":true,"description":"The suite's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestB\##
        ody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/SuiteChange"}}}},"responses"\##
        :{"200":{"description":"The suite.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Suite"}}}},"40\##
        0":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/\##
        components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/\##
        TooSlow"},"409":{"$ref":"#/components/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref\##
        ":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/\##
        components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unav\##
        ailable"}}},"delete":{"tags":["Suites"],"operationId":"archiveSuite","summary":"Archive a suite","description":"It is no\##
         longer listed and takes no new runs. Its runs stay.","x-permission":"suites.write","parameters":[{"name":"suite_id","in\##
        ":"path","required":true,"description":"The suite's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Pr\##
        oject"}],"responses":{"204":{"description":"It is archived."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"\##
        $ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/compo\##
        nents/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"\##
        },"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/suites/{suite_id}/versions":{"get":{"tags":["Suites"],\##
        "operationId":"listSuiteVersions","summary":"List a suite's versions","description":"Newest first. Every edit that chang\##
        es something is a version; versions never change.","x-permission":"suites.read","parameters":[{"name":"suite_id","in":"p\##
        ath","required":true,"description":"The suite's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Projec\##
        t"},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","minimum"\##
        :1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page\##
         before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of versions.","content":{"application/j\##
        son":{"schema":{"$ref":"#/components/schemas/SuiteVersionList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"40\##
        1":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/\##
        components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/De\##
        fect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/suites/{suite_id}/test-cases":{"get":{"tags":["Su\##
        ites"],"operationId":"listTestCases","summary":"List test cases","description":"The cases of a version, in the order of\##
         their keys.","x-permission":"suites.read","parameters":[{"name":"suite_id","in":"path","required":true,"description":"T\##
        he suite's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"version","in":"query","r\##
        equired":false,"description":"Which version; the newest by default.","schema":{"type":"integer","minimum":0,"maximum":21\##
        47483647}},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","m\##
        inimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of th\##
        e page before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of cases.","content":{"applicatio\##
        n/json":{"schema":{"$ref":"#/components/schemas/TestCaseList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401\##
        ":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/c\##
        omponents/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Def\##
        ect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"post":{"tags":["Suites"],"operationId":"editTestCases","sum\##
        mary":"Edit test cases","description":"Adds, changes and removes cases as one new version, all or nothing. What is the s\##
        ame as before makes no version.","x-permission":"suites.write","parameters":[{"name":"suite_id","in":"path","required":t\##
        rue,"description":"The suite's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody\##
        ":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/SuiteEdit"},"example":{"put":[{\##
        "key":"capital-of-france","input":{"variables":{"input":"What is the capital of France?"}},"expected":"Paris","scorers":\##
        [{"kind":"contains","all":["Paris"]}]}],"message":"The first case"}}}},"responses":{"200":{"description":"What changed."\##
        ,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/SuiteEdited"}}}},"400":{"$ref":"#/components/resp\##
        onses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidde\##
        n"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/co\##
        mponents/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Uns\##
        upportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"\##
        },"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/suites/\##
        {suite_id}/test-cases/{key}":{"get":{"tags":["Suites"],"operationId":"getTestCase","summary":"Show a test case","descrip\##
        tion":"The case and every form it had, newest first.","x-permission":"suites.read","parameters":[{"name":"suite_id","in"\##
        :"path","required":true,"description":"The suite's id.","schema":{"type":"string"}},{"name":"key","in":"path","required"\##
        :true,"description":"The case's key.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses\##
        ":{"200":{"description":"The case.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/TestCaseHistor\##
        y"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{\##
        "$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/\##
        responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}\##
        }
        """##

    static let suitesSchemas = ##"""
        "Suite":{"description":"A suite of test cases.","type":"object","additionalProperties":false,"required":["id","name","de\##
        scription","version","case_count","created_at","archived_at"],"properties":{"id":{"type":"string","description":"The sui\##
        te's id.","format":"uuid"},"name":{"type":"string","description":"1 to 100 characters, unique in the project.","minLengt\##
        h":1,"maxLength":100},"description":{"type":"string","description":"For people.","maxLength":10000},"version":{"type":"i\##
        nteger","description":"The newest version; 0 without a case yet."},"case_count":{"type":"integer","description":"Cases o\##
        f the newest version."},"created_at":{"type":"string","description":"When it was made. RFC 3339 with nanoseconds, UTC.",\##
        "format":"date-time"},"archived_at":{"type":["string","null"],"description":"When it was archived. RFC 3339 with nanosec\##
        onds, UTC.","format":"date-time"}}},"SuiteList":{"type":"object","additionalProperties":false,"required":["data","next_c\##
        ursor"],"properties":{"data":{"type":"array","description":"Suites.","items":{"$ref":"#/components/schemas/Suite"}},"nex\##
        t_cursor":{"type":["string","null"],"description":"For the next page; null on the last one."}}},"NewSuite":{"description\##
        ":"A suite to be made.","type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"s\##
        tring","description":"1 to 100 characters, unique in the project.","minLength":1,"maxLength":100},"description":{"type":\##
        ["string","null"],"description":"For people.","maxLength":10000}}},"SuiteChange":{"description":"What of a suite is to c\##
        hange.","type":"object","additionalProperties":false,"required":[],"properties":{"name":{"type":["string","null"],"descr\##
        iption":"1 to 100 characters, unique in the project.","minLength":1,"maxLength":100},"description":{"type":["string","nu\##
        ll"],"description":"For people.","maxLength":10000}}},"SuiteVersion":{"description":"One change of a suite.","type":"obj\##
        ect","additionalProperties":false,"required":["version","source","message","case_count","created_at"],"properties":{"ver\##
        sion":{"type":"integer","description":"Its number, from 1."},"source":{"type":"string","description":"How it came about.\##
        ","enum":["api","span","import","file","draft"]},"message":{"type":"string","description":"Why."},"case_count":{"type":"\##
        integer","description":"Cases in it."},"created_at":{"type":"string","description":"When it was made. RFC 3339 with nano\##
        seconds, UTC.","format":"date-time"}}},"SuiteVersionList":{"type":"object","additionalProperties":false,"required":["dat\##
        a","next_cursor"],"properties":{"data":{"type":"array","description":"Versions.","items":{"$ref":"#/components/schemas/S\##
        uiteVersion"}},"next_cursor":{"type":["string","null"],"description":"For the next page; null on the last one."}}},"Test\##
        CaseContent":{"type":"object","description":"The case: `key`, `input` (a text, `messages` or `variables`), `expected`, `\##
        scorers`, `tags`, `split`, `metadata`, `source`. docs/suites.md has every member.","additionalProperties":true},"StoredT\##
        estCase":{"description":"A case as it is from one version of its suite on.","type":"object","additionalProperties":false\##
        ,"required":["id","version_id","introduced_in","removed_in","content"],"properties":{"id":{"type":"string","description"\##
        :"The case's id.","format":"uuid"},"version_id":{"type":"string","description":"Of this form of it.","format":"uuid"},"i\##
        ntroduced_in":{"type":"integer","description":"The version it came with."},"removed_in":{"type":["integer","null"],"desc\##
        ription":"The version in which it was changed or removed; null while it is in the newest."},"content":{"$ref":"#/compone\##
        nts/schemas/TestCaseContent"}}},"TestCaseList":{"type":"object","additionalProperties":false,"required":["data","next_cu\##
        rsor"],"properties":{"data":{"type":"array","description":"Cases.","items":{"$ref":"#/components/schemas/StoredTestCase"\##
        }},"next_cursor":{"type":["string","null"],"description":"For the next page; null on the last one."}}},"TestCaseHistory"\##
        :{"description":"A case and its past.","type":"object","additionalProperties":false,"required":["test_case","history"],"\##
        properties":{"test_case":{"$ref":"#/components/schemas/StoredTestCase"},"history":{"type":"array","description":"Every f\##
        orm it had, newest first.","items":{"$ref":"#/components/schemas/StoredTestCase"}}}},"SuiteEdit":{"description":"What is\##
         to become of a suite.","type":"object","additionalProperties":false,"required":[],"properties":{"put":{"type":["array",\##
        "null"],"description":"Cases to add, or to replace by their keys.","items":{"$ref":"#/components/schemas/TestCaseContent\##
        "}},"remove":{"type":["array","null"],"description":"Keys of cases to remove.","items":{"type":"string","description":"A\##
         key."}},"replace_all":{"type":["boolean","null"],"description":"Remove every case that is not in `put`."},"message":{"t\##
        ype":["string","null"],"description":"Why, for the list of versions.","maxLength":1000},"expected_version":{"type":["int\##
        eger","null"],"description":"Refuse with 409 when the suite has another version by now.","minimum":0}}},"SuiteEdited":{"\##
        description":"What an edit did.","type":"object","additionalProperties":false,"required":["version","added_count","chang\##
        ed_count","removed_count"],"properties":{"version":{"anyOf":[{"$ref":"#/components/schemas/SuiteVersion"},{"type":"null"\##
        }],"description":"The version it made; null when nothing changed."},"added_count":{"type":"integer","description":"Cases\##
         added."},"changed_count":{"type":"integer","description":"Cases changed."},"removed_count":{"type":"integer","descripti\##
        on":"Cases removed."}}}
        """##
}
