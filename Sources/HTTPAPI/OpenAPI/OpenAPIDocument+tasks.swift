/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let tasksPaths = ##"""
        "/api/v1/tasks/{task_id}":{"get":{"tags":["Tasks"],"operationId":"getTask","summary":"Get a task","description":"State a\##
        nd progress of a long operation of the key's project. Needs the scope `read`.","x-permission":"tasks.read","parameters":\##
        [{"name":"task_id","in":"path","required":true,"description":"The task's id.","schema":{"type":"string"}},{"$ref":"#/com\##
        ponents/parameters/Project"}],"responses":{"200":{"description":"The task.","content":{"application/json":{"schema":{"$r\##
        ef":"#/components/schemas/Task"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/respon\##
        ses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"}\##
        ,"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/compone\##
        nts/responses/Unavailable"}}}},"/api/v1/tasks/{task_id}/cancel":{"post":{"tags":["Tasks"],"operationId":"cancelTask","su\##
        mmary":"Cancel a task","description":"A backfill: what waits is not begun. Runs have a command of their own. What the ta\##
        sk does decides what else is needed: a promotion `knowledge.promote`, a reapplication of the mapping or of prices `setti\##
        ngs.manage`, an upload to a knowledge base or a draft of it `knowledge.write`, anything else `runs.start`.","x-permissio\##
        n":"tasks.read","parameters":[{"name":"task_id","in":"path","required":true,"description":"The task's id.","schema":{"ty\##
        pe":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The task.","content":{"app\##
        lication/json":{"schema":{"$ref":"#/components/schemas/Task"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401"\##
        :{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/co\##
        mponents/responses/NotFound"},"409":{"$ref":"#/components/responses/Conflict"},"429":{"$ref":"#/components/responses/Lim\##
        ited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let tasksSchemas = ##"""
        "Task":{"description":"A long operation.","type":"object","additionalProperties":false,"required":["id","kind","state","\##
        progress","result","error","created_at","started_at","updated_at","finished_at"],"properties":{"id":{"type":"string","de\##
        scription":"The task.","format":"uuid"},"kind":{"type":"string","description":"What it does."},"state":{"type":"string",\##
        "description":"Where it is.","enum":["queued","running","succeeded","failed","cancelled"]},"progress":{"type":"object","\##
        additionalProperties":false,"required":["done","total"],"properties":{"done":{"type":"integer","description":"Units done\##
        ."},"total":{"type":["integer","null"],"description":"Units in all; null while unknown."}}},"result":{"description":"Of\##
         a succeeded task: any JSON, or null."},"error":{"description":"Of a failed task: an object; else null."},"created_at":{\##
        "type":"string","description":"When it was asked for. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"started_at\##
        ":{"type":["string","null"],"description":"When it began. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"update\##
        d_at":{"type":"string","description":"When it last changed. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"fini\##
        shed_at":{"type":["string","null"],"description":"When it ended. RFC 3339 with nanoseconds, UTC.","format":"date-time"}}\##
        }
        """##
}
