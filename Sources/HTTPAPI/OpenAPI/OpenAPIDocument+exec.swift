/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let execPaths = ##"""
        "/api/v1/runs/{run_id}/exec/lease":{"post":{"tags":["Runs"],"operationId":"leaseExecCells","summary":"Lease cells for a\##
         command","description":"For a program that runs a command beside the code under test: cells of the run's `exec` targets\##
        . They are the caller's for `lease_seconds` and then somebody else's, unless the leases are extended.","x-permission":"r\##
        uns.start","parameters":[{"name":"run_id","in":"path","required":true,"description":"The run's id.","schema":{"type":"st\##
        ring"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schem\##
        a":{"$ref":"#/components/schemas/ExecLeaseRequest"},"example":{"holder":"ci-1","capacity":8}}}},"responses":{"200":{"des\##
        cription":"Cells, none when there are none now.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/E\##
        xecCells"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},\##
        "403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/comp\##
        onents/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsupp\##
        ortedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"\##
        500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/runs/{run_\##
        id}/exec/extend":{"post":{"tags":["Runs"],"operationId":"extendExecLeases","summary":"Extend leases","description":"The\##
         heartbeat, every third of `lease_seconds`. Work on cells that are not `held` is to be given up.","x-permission":"runs.s\##
        tart","parameters":[{"name":"run_id","in":"path","required":true,"description":"The run's id.","schema":{"type":"string"\##
        }},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"\##
        $ref":"#/components/schemas/ExecLeases"},"example":{"leases":[{"job":1,"lease":"01a1fe1c-0000-7000-8000-000000000000"}]}\##
        }}},"responses":{"200":{"description":"What is still held.","content":{"application/json":{"schema":{"$ref":"#/component\##
        s/schemas/ExecHeld"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthen\##
        ticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$re\##
        f":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/respon\##
        ses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/L\##
        imited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/\##
        runs/{run_id}/exec/outputs":{"post":{"tags":["Runs"],"operationId":"submitExecOutputs","summary":"Hand in what commands\##
         answered","description":"Workers of the server score it. A cell that is no longer held counts for nothing and is not in\##
         `accepted`; an `error` makes the cell errored.","x-permission":"runs.start","parameters":[{"name":"run_id","in":"path",\##
        "required":true,"description":"The run's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"r\##
        equestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/ExecOutputs"},"exampl\##
        e":{"outputs":[{"job":1,"lease":"01a1fe1c-0000-7000-8000-000000000000","text":"Paris","duration_nano":120000000,"started\##
        _at_unix_nano":1795000000000000000}]}}}},"responses":{"200":{"description":"What was taken.","content":{"application/jso\##
        n":{"schema":{"$ref":"#/components/schemas/ExecAccepted"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$\##
        ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/compon\##
        ents/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge\##
        "},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"4\##
        29":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components\##
        /responses/Unavailable"}}}},"/api/v1/runs/{run_id}/exec/release":{"post":{"tags":["Runs"],"operationId":"releaseExecCell\##
        s","summary":"Give cells back","description":"Cells that are not done after all: others may have them at once, and no at\##
        tempt is counted.","x-permission":"runs.start","parameters":[{"name":"run_id","in":"path","required":true,"description":\##
        "The run's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"\##
        content":{"application/json":{"schema":{"$ref":"#/components/schemas/ExecLeases"},"example":{"leases":[{"job":1,"lease":\##
        "01a1fe1c-0000-7000-8000-000000000000"}]}}}},"responses":{"200":{"description":"What was still held.","content":{"applic\##
        ation/json":{"schema":{"$ref":"#/components/schemas/ExecReleased"}}}},"400":{"$ref":"#/components/responses/Malformed"},\##
        "401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":\##
        "#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses\##
        /TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocess\##
        able"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/c\##
        omponents/responses/Unavailable"}}}}
        """##

    static let execSchemas = ##"""
        "ExecLeaseRequest":{"description":"Who wants cells, and how many.","type":"object","additionalProperties":false,"require\##
        d":["holder"],"properties":{"holder":{"type":"string","description":"A name for the list of attempts.","minLength":1,"ma\##
        xLength":200},"capacity":{"type":["integer","null"],"description":"Cells at most; 1 by default.","minimum":1,"maximum":1\##
        00}}},"ExecCell":{"description":"One case against one exec target, once.","type":"object","additionalProperties":false,"\##
        required":["job","lease","key","target","repetition","attempt","traceparent","input"],"properties":{"job":{"type":"integ\##
        er","description":"The number of a leased job.","format":"int64"},"lease":{"type":"string","description":"The lease it w\##
        as given out with.","format":"uuid"},"key":{"type":"string","description":"The case's key."},"target":{"type":"integer",\##
        "description":"Which of the run's targets, from 0."},"repetition":{"type":"integer","description":"From 1."},"attempt":{\##
        "type":"integer","description":"From 1."},"traceparent":{"type":"string","description":"The span that the outcome will n\##
        ame, as W3C Trace Context writes it: spans of the command that have it as their parent are in the case's trace."},"input\##
        ":{"type":"object","description":"The case's input as `getTestCase` shows it: `messages` or `variables`.","additionalPro\##
        perties":true},"prompt":{"type":"array","description":"The input as messages to a model; absent for a case with variable\##
        s but none named `input`.","items":{"type":"object","description":"`role`, `content`, ...","additionalProperties":true}}\##
        }},"ExecCells":{"description":"Leased cells.","type":"object","additionalProperties":false,"required":["run_state","leas\##
        e_seconds","cells"],"properties":{"run_state":{"type":"string","description":"Where the run stands: none is given out un\##
        less it is `running`.","enum":["queued","running","paused","finished","failed","cancelled"]},"lease_seconds":{"type":"in\##
        teger","description":"Seconds a lease lasts."},"cells":{"type":"array","description":"In no particular order.","items":{\##
        "$ref":"#/components/schemas/ExecCell"}}}},"ExecLease":{"description":"A cell that somebody holds.","type":"object","add\##
        itionalProperties":false,"required":["job","lease"],"properties":{"job":{"type":"integer","description":"The number of a\##
         leased job.","format":"int64"},"lease":{"type":"string","description":"The lease it was given out with.","format":"uuid\##
        "}}},"ExecLeases":{"description":"Leases.","type":"object","additionalProperties":false,"required":["leases"],"propertie\##
        s":{"leases":{"type":"array","description":"At most 100.","items":{"$ref":"#/components/schemas/ExecLease"},"maxItems":1\##
        00}}},"ExecHeld":{"description":"What is still held.","type":"object","additionalProperties":false,"required":["run_stat\##
        e","held"],"properties":{"run_state":{"type":"string","description":"Where the run stands: none is given out unless it i\##
        s `running`.","enum":["queued","running","paused","finished","failed","cancelled"]},"held":{"type":"array","description"\##
        :"These and no others.","items":{"type":"integer","description":"The number of a job.","format":"int64"}}}},"ExecOutput"\##
        :{"description":"What a command answered: a text, or an error.","type":"object","additionalProperties":false,"required":\##
        ["job","lease"],"properties":{"job":{"type":"integer","description":"The number of a leased job.","format":"int64"},"lea\##
        se":{"type":"string","description":"The lease it was given out with.","format":"uuid"},"text":{"type":["string","null"],\##
        "description":"What it answered; at most 4 MiB."},"error":{"type":["object","null"],"description":"Why there is no answe\##
        r.","additionalProperties":false,"required":["message"],"properties":{"message":{"type":"string","description":"For peop\##
        le: the last words of the command. At most 4,000 bytes are kept.","minLength":1}}},"duration_nano":{"type":["integer","n\##
        ull"],"description":"What the command took, in nanoseconds.","format":"int64","minimum":0},"started_at_unix_nano":{"type\##
        ":["integer","null"],"description":"When it was begun, nanoseconds since 1970.","format":"int64","minimum":0},"exit_stat\##
        us":{"type":["integer","null"],"description":"How it ended."}}},"ExecOutputs":{"description":"What commands answered.","\##
        type":"object","additionalProperties":false,"required":["outputs"],"properties":{"outputs":{"type":"array","description"\##
        :"At most 100.","items":{"$ref":"#/components/schemas/ExecOutput"},"maxItems":100}}},"ExecAccepted":{"description":"What\##
         was taken.","type":"object","additionalProperties":false,"required":["accepted"],"properties":{"accepted":{"type":"arra\##
        y","description":"Those that were still held.","items":{"type":"integer","description":"The number of a job.","format":"\##
        int64"}}}},"ExecReleased":{"description":"What was given back.","type":"object","additionalProperties":false,"required":\##
        ["released"],"properties":{"released":{"type":"array","description":"Those that were still held.","items":{"type":"integ\##
        er","description":"The number of a job.","format":"int64"}}}}
        """##
}
