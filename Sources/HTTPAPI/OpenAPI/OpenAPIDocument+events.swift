/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let eventsPaths = ##"""
        "/api/v1/tasks/{task_id}/events":{"get":{"tags":["Events"],"operationId":"followTask","summary":"Follow a task","descrip\##
        tion":"The events of a task, from any number on: as a page, as server-sent events, or over a WebSocket (subprotocol `spa\##
        ndrel.v1`; a browser offers its ticket beside it as `ticket.TEXT`). docs/events.md shows how. Needs the scope `read`.","\##
        x-permission":"tasks.read","parameters":[{"name":"task_id","in":"path","required":true,"description":"The task's id.","s\##
        chema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"Last-Event-ID","in":"header","required":fa\##
        lse,"description":"What a browser's EventSource sends when it reconnects; goes before `after`.","schema":{"type":"string\##
        "}},{"name":"after","in":"query","required":false,"description":"The sequence of the last event that is known; 0 for all\##
        . A page begins with the first event without it, a stream with the next one to come.","schema":{"type":"integer","format\##
        ":"int64","minimum":0}},{"name":"limit","in":"query","required":false,"description":"Events of a page at most.","schema"\##
        :{"type":"integer","minimum":1,"maximum":1000,"default":100}},{"name":"detail","in":"query","required":false,"descriptio\##
        n":"What a stream has: everything, or only changes of state and counters.","schema":{"type":"string","enum":["all","coun\##
        ters"],"default":"all"}}],"responses":{"101":{"description":"A WebSocket, for a request that asks for one: each message\##
         is an `EventMessage`."},"200":{"description":"A page of events; or all of them as they happen, when `Accept` names `tex\##
        t/event-stream`.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/EventPage"}},"text/event-stream"\##
        :{"schema":{"type":"string","description":"Server-sent events: `id` is the sequence, `event` the type, `data` an `EventM\##
        essage`."}}}},"204":{"description":"To a browser that reconnects (`Last-Event-ID`): it has everything, and nothing more\##
         is to come."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"}\##
        ,"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"426":{"description"\##
        :"The WebSocket's version is not 13.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Prob\##
        lem"}}},"headers":{"Sec-WebSocket-Version":{"description":"`13`.","schema":{"type":"string"}}}},"429":{"$ref":"#/compone\##
        nts/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable\##
        "}}}},"/api/v1/runs/{run_id}/events":{"get":{"tags":["Events"],"operationId":"followRun","summary":"Follow a run","descr\##
        iption":"The events of a run, from any number on: as a page, as server-sent events, or over a WebSocket (subprotocol `sp\##
        andrel.v1`; a browser offers its ticket beside it as `ticket.TEXT`). docs/events.md shows how. Needs the scope `read`.",\##
        "x-permission":"tasks.read","parameters":[{"name":"run_id","in":"path","required":true,"description":"The run's id.","sc\##
        hema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"Last-Event-ID","in":"header","required":fal\##
        se,"description":"What a browser's EventSource sends when it reconnects; goes before `after`.","schema":{"type":"string"\##
        }},{"name":"after","in":"query","required":false,"description":"The sequence of the last event that is known; 0 for all.\##
         A page begins with the first event without it, a stream with the next one to come.","schema":{"type":"integer","format"\##
        :"int64","minimum":0}},{"name":"limit","in":"query","required":false,"description":"Events of a page at most.","schema":\##
        {"type":"integer","minimum":1,"maximum":1000,"default":100}},{"name":"detail","in":"query","required":false,"description\##
        ":"What a stream has: everything, or only changes of state and counters.","schema":{"type":"string","enum":["all","count\##
        ers"],"default":"all"}}],"responses":{"101":{"description":"A WebSocket, for a request that asks for one: each message i\##
        s an `EventMessage`."},"200":{"description":"A page of events; or all of them as they happen, when `Accept` names `text/\##
        event-stream`.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/EventPage"}},"text/event-stream":{\##
        "schema":{"type":"string","description":"Server-sent events: `id` is the sequence, `event` the type, `data` an `EventMes\##
        sage`."}}}},"204":{"description":"To a browser that reconnects (`Last-Event-ID`): it has everything, and nothing more is\##
         to come."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"4\##
        03":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"426":{"description":"T\##
        he WebSocket's version is not 13.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem\##
        "}}},"headers":{"Sec-WebSocket-Version":{"description":"`13`.","schema":{"type":"string"}}}},"429":{"$ref":"#/components\##
        /responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}\##
        }},"/api/v1/tickets":{"post":{"tags":["Events"],"operationId":"createTicket","summary":"Make a ticket","description":"Fo\##
        r one WebSocket of a browser, which can put no header on it: good for one try within half a minute, at the server that m\##
        ade it. Needs the scope `read`.","x-permission":"tasks.read","parameters":[{"$ref":"#/components/parameters/Project"}],"\##
        requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewTicket"},"example\##
        ":{}}}},"responses":{"201":{"description":"The ticket, shown this once.","content":{"application/json":{"schema":{"$ref"\##
        :"#/components/schemas/Ticket"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/respons\##
        es/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},\##
        "408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/compon\##
        ents/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/\##
        responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}\##
        },"/api/v1/events":{"get":{"tags":["Events"],"operationId":"followTraces","summary":"Follow what comes in","description"\##
        :"Counts of the spans and traces that come into the project for a filter, and the newest traces, at most twice a second:\##
         over a WebSocket (subprotocol `spandrel.v1`) or as server-sent events. Counts begin with `hello` and only grow, so a me\##
        ssage that is left out because its reader is slow is made up for by the next. docs/events.md shows how. Needs the scope\##
         `read`.","x-permission":"traces.read","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"topic","in":"qu\##
        ery","required":false,"description":"What to follow.","schema":{"type":"string","enum":["traces"],"default":"traces"}},{\##
        "name":"filter","in":"query","required":false,"description":"The filter as JSON, or in brackets: `filter[duration_ms][_g\##
        t]=100`.","schema":{"type":"string"}}],"responses":{"101":{"description":"A WebSocket, for a request that asks for one:\##
         each message is an `ArrivalMessage`: `v`, `sequence`, `type`, `project_id`, `time` and `data` with `span_count`, `trace\##
        _count`, `newest_trace_ids` (20 at most), `is_complete`, false once spans came in too fast to be counted, and `arrival_p\##
        osition`, which says how far in the order of arrival all this reaches; lists of traces answer it, too."},"200":{"descrip\##
        tion":"What comes in, when `Accept` names `text/event-stream`; a request for neither kind of stream is a 400.","content"\##
        :{"text/event-stream":{"schema":{"type":"string","description":"Server-sent events: `event` is `hello` or `traces.arrive\##
        d`, `data` an `ArrivalMessage`."}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/respo\##
        nses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"\##
        },"426":{"description":"The WebSocket's version is not 13.","content":{"application/problem+json":{"schema":{"$ref":"#/c\##
        omponents/schemas/Problem"}}},"headers":{"Sec-WebSocket-Version":{"description":"`13`.","schema":{"type":"string"}}}},"4\##
        29":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components\##
        /responses/Unavailable"}}}}
        """##

    static let eventsSchemas = ##"""
        "NewTicket":{"type":"object","additionalProperties":false,"properties":{"task_id":{"type":["string","null"],"description\##
        ":"The one task or run it opens; any of the project without it.","format":"uuid"}}},"Ticket":{"type":"object","additiona\##
        lProperties":false,"required":["ticket","task_id","expires_in"],"properties":{"ticket":{"type":"string","description":"T\##
        o be offered as the subprotocol `ticket.TEXT`."},"task_id":{"type":["string","null"],"description":"What it opens; null:\##
         any task of the project."},"expires_in":{"type":"integer","description":"Seconds it can be used for."}}},"EventMessage"\##
        :{"description":"Something that happened to a task. Streams have `hello`, `progress` and `gap` besides events.","type":"\##
        object","additionalProperties":false,"required":["v","sequence","type","task_id","time","data"],"properties":{"v":{"type\##
        ":"integer","description":"Version of this form.","const":1},"sequence":{"type":"integer","description":"Number of the e\##
        vent, from 1 without gaps; resuming `after` it misses nothing.","format":"int64"},"type":{"type":"string","description":\##
        "`run.started`, `case.finished`, `task.succeeded`, ..."},"task_id":{"type":"string","description":"The task or run.","fo\##
        rmat":"uuid"},"time":{"type":"string","description":"When it happened. RFC 3339 with nanoseconds, UTC.","format":"date-t\##
        ime"},"data":{"type":"object","description":"What there is to say, by type."}}},"EventPage":{"type":"object","additional\##
        Properties":false,"required":["data","last_sequence","is_finished"],"properties":{"data":{"type":"array","description":"\##
        Events in order.","items":{"$ref":"#/components/schemas/EventMessage"}},"last_sequence":{"type":"integer","description":\##
        "Of the task's last event; 0 when it has none.","format":"int64"},"is_finished":{"type":"boolean","description":"Whether\##
         the task has ended and this page has its last event."}}}
        """##
}
