/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let credentialsPaths = ##"""
        "/api/v1/organizations/{organization_id}/provider-credentials":{"get":{"tags":["Credentials"],"operationId":"listProvide\##
        rCredentials","summary":"List provider credentials","description":"Without their secrets, which nothing shows again.","x\##
        -permission":"credentials.manage","parameters":[{"name":"organization_id","in":"path","required":true,"description":"The\##
         organization's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"limit","in":"query"\##
        ,"required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},\##
        {"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"strin\##
        g"}}],"responses":{"200":{"description":"A page of credentials.","content":{"application/json":{"schema":{"$ref":"#/comp\##
        onents/schemas/ProviderCredentialList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components\##
        /responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/Not\##
        Found"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/\##
        components/responses/Unavailable"}}},"post":{"tags":["Credentials"],"operationId":"createProviderCredential","summary":"\##
        Store a provider credential","description":"The secret is encrypted at once and never shown again.","x-permission":"cred\##
        entials.manage","parameters":[{"name":"organization_id","in":"path","required":true,"description":"The organization's id\##
        .","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"ap\##
        plication/json":{"schema":{"$ref":"#/components/schemas/NewProviderCredential"},"example":{"provider":"openai","name":"O\##
        penAI","secret":"sk-example-0123456789"}}}},"responses":{"201":{"description":"The credential.","content":{"application/\##
        json":{"schema":{"$ref":"#/components/schemas/ProviderCredential"}}}},"400":{"$ref":"#/components/responses/Malformed"},\##
        "401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":\##
        "#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/components/responses\##
        /Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"\##
        },"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#\##
        /components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/organizations/{organizati\##
        on_id}/provider-credentials/{credential_id}":{"put":{"tags":["Credentials"],"operationId":"replaceProviderCredential","s\##
        ummary":"Replace a provider credential's secret","description":"Calls that begin afterwards use the new one.","x-permiss\##
        ion":"credentials.manage","parameters":[{"name":"organization_id","in":"path","required":true,"description":"The organiz\##
        ation's id.","schema":{"type":"string"}},{"name":"credential_id","in":"path","required":true,"description":"The credenti\##
        al's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"conten\##
        t":{"application/json":{"schema":{"$ref":"#/components/schemas/ProviderCredentialChange"},"example":{"secret":"sk-exampl\##
        e-9876543210"}}}},"responses":{"200":{"description":"The credential.","content":{"application/json":{"schema":{"$ref":"#\##
        /components/schemas/ProviderCredential"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/component\##
        s/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/No\##
        tFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":\##
        "#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/co\##
        mponents/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavai\##
        lable"}}},"delete":{"tags":["Credentials"],"operationId":"deleteProviderCredential","summary":"Delete a provider credent\##
        ial","description":"The secret is gone for good.","x-permission":"credentials.manage","parameters":[{"name":"organizatio\##
        n_id","in":"path","required":true,"description":"The organization's id.","schema":{"type":"string"}},{"name":"credential\##
        _id","in":"path","required":true,"description":"The credential's id.","schema":{"type":"string"}},{"$ref":"#/components/\##
        parameters/Project"}],"responses":{"204":{"description":"Gone."},"400":{"$ref":"#/components/responses/Malformed"},"401"\##
        :{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/co\##
        mponents/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defe\##
        ct"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let credentialsSchemas = ##"""
        "ProviderCredential":{"description":"How to reach an AI provider, without the secret.","type":"object","additionalProper\##
        ties":false,"required":["id","organization_id","provider","name","base_url","version","created_at","updated_at"],"proper\##
        ties":{"id":{"type":"string","description":"The credential.","format":"uuid"},"organization_id":{"type":"string","descri\##
        ption":"Whose it is.","format":"uuid"},"provider":{"type":"string","description":"Which provider.","enum":["openai","ant\##
        hropic","gemini","xai","openai_compatible"]},"name":{"type":"string","description":"To know it by."},"base_url":{"type":\##
        ["string","null"],"description":"Where the provider is, if not at its usual place."},"version":{"type":"integer","descri\##
        ption":"Goes up with every replacement."},"created_at":{"type":"string","description":"When it was stored. RFC 3339 with\##
         nanoseconds, UTC.","format":"date-time"},"updated_at":{"type":"string","description":"When it was last replaced. RFC 33\##
        39 with nanoseconds, UTC.","format":"date-time"}}},"ProviderCredentialList":{"type":"object","additionalProperties":fals\##
        e,"required":["data","next_cursor"],"properties":{"data":{"type":"array","description":"Credentials.","items":{"$ref":"#\##
        /components/schemas/ProviderCredential"}},"next_cursor":{"type":["string","null"],"description":"For the next page; null\##
         on the last one."}}},"NewProviderCredential":{"description":"A credential.","type":"object","additionalProperties":fals\##
        e,"required":["provider","name","secret"],"properties":{"provider":{"type":"string","description":"Which provider.","enu\##
        m":["openai","anthropic","gemini","xai","openai_compatible"]},"name":{"type":"string","description":"1 to 100 characters\##
        .","minLength":1,"maxLength":100},"base_url":{"type":["string","null"],"description":"An http or https URL at an address\##
         that is public, or that the operator allows.","minLength":1,"maxLength":2000},"secret":{"type":"string","description":"\##
        The provider's key: printable ASCII without spaces.","minLength":8,"maxLength":4096,"pattern":"^[!-~]+$"}}},"ProviderCre\##
        dentialChange":{"description":"A new secret.","type":"object","additionalProperties":false,"required":["secret"],"proper\##
        ties":{"secret":{"type":"string","description":"The provider's key: printable ASCII without spaces.","minLength":8,"maxL\##
        ength":4096,"pattern":"^[!-~]+$"}}}
        """##
}
