/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let workersPaths = ##"""
        "/api/v1/worker-credentials":{"get":{"tags":["Workers"],"operationId":"listWorkerCredentials","summary":"List worker cre\##
        dentials","description":"Newest first, revoked ones among them, without their tokens. They belong to the installation: o\##
        wners and admins of its first organization may, and keys that reach it with the scope `admin`; others are answered 403."\##
        ,"x-permission":"workers.manage","parameters":[{"$ref":"#/components/parameters/Project"},{"name":"limit","in":"query","\##
        required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"\##
        name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"\##
        }}],"responses":{"200":{"description":"A page of credentials.","content":{"application/json":{"schema":{"$ref":"#/compon\##
        ents/schemas/WorkerCredentialList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/res\##
        ponses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFoun\##
        d"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/comp\##
        onents/responses/Unavailable"}}},"post":{"tags":["Workers"],"operationId":"createWorkerCredential","summary":"Create a w\##
        orker credential","description":"Makes a token with which a worker process sends spans of every project to `POST /v1/tra\##
        ces`, naming the project with the header `Spandrel-Project-ID`, and does nothing else. The token is in this answer only.\##
         They belong to the installation: owners and admins of its first organization may, and keys that reach it with the scope\##
         `admin`; others are answered 403.","x-permission":"workers.manage","requestBody":{"required":true,"content":{"applicati\##
        on/json":{"schema":{"$ref":"#/components/schemas/NewWorkerCredential"},"example":{"name":"machine-2"}}}},"responses":{"2\##
        01":{"description":"The credential.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/CreatedWorker\##
        Credential"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"\##
        },"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/co\##
        mponents/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsu\##
        pportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"}\##
        ,"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}},"parameters":[{"$re\##
        f":"#/components/parameters/Project"}]}},"/api/v1/worker-credentials/{worker_credential_id}":{"delete":{"tags":["Workers\##
        "],"operationId":"revokeWorkerCredential","summary":"Revoke a worker credential","description":"Ends its use, at once on\##
         this server and within a minute on others. Spans that its worker could not send wait for another one's. They belong to\##
         the installation: owners and admins of its first organization may, and keys that reach it with the scope `admin`; other\##
        s are answered 403.","x-permission":"workers.manage","parameters":[{"name":"worker_credential_id","in":"path","required"\##
        :true,"description":"The credential's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"resp\##
        onses":{"200":{"description":"The credential.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Wor\##
        kerCredential"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticat\##
        ed"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#\##
        /components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Una\##
        vailable"}}}}
        """##

    static let workersSchemas = ##"""
        "WorkerCredential":{"type":"object","additionalProperties":false,"required":["id","name","created_at","revoked_at"],"pro\##
        perties":{"id":{"type":"string","description":"UUIDv7."},"name":{"type":"string","description":"To know it by."},"create\##
        d_at":{"type":"string","description":"RFC 3339 with nanoseconds, UTC.","format":"date-time"},"revoked_at":{"type":["stri\##
        ng","null"],"description":"Since when it opens nothing; null: it is in use.","format":"date-time"}}},"CreatedWorkerCrede\##
        ntial":{"type":"object","additionalProperties":false,"required":["id","name","token","created_at","revoked_at"],"propert\##
        ies":{"id":{"type":"string","description":"UUIDv7."},"name":{"type":"string","description":"To know it by."},"token":{"t\##
        ype":"string","description":"`spdw_` and 49 letters and digits: shown this once."},"created_at":{"type":"string","descri\##
        ption":"RFC 3339 with nanoseconds, UTC.","format":"date-time"},"revoked_at":{"type":["string","null"],"description":"Sin\##
        ce when it opens nothing; null: it is in use.","format":"date-time"}}},"NewWorkerCredential":{"type":"object","additiona\##
        lProperties":false,"required":["name"],"properties":{"name":{"type":"string","description":"To know it by: 1 to 100 char\##
        acters."}}},"WorkerCredentialList":{"type":"object","additionalProperties":false,"required":["data","next_cursor"],"prop\##
        erties":{"data":{"type":"array","description":"Credentials.","items":{"$ref":"#/components/schemas/WorkerCredential"}},"\##
        next_cursor":{"type":["string","null"],"description":"For the next page; null on the last one."}}}
        """##
}
