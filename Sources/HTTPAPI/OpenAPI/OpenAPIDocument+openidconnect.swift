/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let openidconnectPaths = ##"""
        "/api/v1/auth/openid-connect":{"get":{"tags":["Authentication"],"operationId":"beginOpenIDConnectSignIn","summary":"Begi\##
        n to sign in with the identity provider","description":"Sends a browser to the OpenID Connect provider that the server w\##
        as started with, and gives it a cookie that the callback needs within ten minutes. Without a provider the answer is 404.\##
        ","x-permission":"public","security":[],"parameters":[{"name":"invitation","in":"query","required":false,"description":"\##
        The token of an invitation that is to be accepted by this sign-in.","schema":{"type":"string"}}],"responses":{"303":{"de\##
        scription":"On to the provider.","headers":{"Location":{"description":"The provider's authorization endpoint.","schema":\##
        {"type":"string"}},"Set-Cookie":{"description":"`spandrel_openid_connect`: the sealed state of the sign-in.","schema":{"\##
        type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"},"403":{"$ref":"#/components/responses/Forbidden"},"\##
        404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/compone\##
        nts/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/auth/openid-connect/callback":{"g\##
        et":{"tags":["Authentication"],"operationId":"finishOpenIDConnectSignIn","summary":"Finish signing in with the identity\##
         provider","description":"Where the provider sends the browser back to. Signs in the user whom the identity is linked to\##
        ; else accepts the invitation the sign-in was begun with, if it is for the identity's verified e-mail address; else link\##
        s the identity to the user with that address. Everybody else has to be invited. Other parameters that a provider adds ar\##
        e left alone.","x-permission":"public","security":[],"parameters":[{"name":"code","in":"query","required":false,"descrip\##
        tion":"The provider's authorization code.","schema":{"type":"string"}},{"name":"state","in":"query","required":false,"de\##
        scription":"Of the request that the provider answers.","schema":{"type":"string"}},{"name":"error","in":"query","require\##
        d":false,"description":"Why the provider refused, instead of a code.","schema":{"type":"string"}},{"name":"iss","in":"qu\##
        ery","required":false,"description":"The provider, when it names itself (RFC 9207).","schema":{"type":"string"}}],"respo\##
        nses":{"200":{"description":"Signed in.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/SignedIn"\##
        }}},"headers":{"Set-Cookie":{"description":"Ends the cookie of the sign-in.","schema":{"type":"string"}}}},"400":{"$ref"\##
        :"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components\##
        /responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"409":{"$ref":"#/components/responses/Conflict"}\##
        ,"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/compone\##
        nts/responses/Unavailable"}}}},"/api/v1/auth/methods":{"get":{"tags":["Authentication"],"operationId":"getSignInMethods"\##
        ,"summary":"Tell how people sign in","description":"What a sign-in page offers.","x-permission":"public","security":[],"\##
        responses":{"200":{"description":"The ways.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/SignI\##
        nMethods"}}}},"400":{"$ref":"#/components/responses/Malformed"},"403":{"$ref":"#/components/responses/Forbidden"},"429":\##
        {"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/res\##
        ponses/Unavailable"}}}}
        """##

    static let openidconnectSchemas = ##"""
        "SignInMethods":{"type":"object","additionalProperties":false,"required":["password","openid_connect"],"properties":{"pa\##
        ssword":{"type":"boolean","description":"With an e-mail address and a password."},"openid_connect":{"type":"boolean","de\##
        scription":"With an identity provider: a browser goes to `/api/v1/auth/openid-connect`."}}}
        """##
}
