/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let usersPaths = ##"""
        "/api/v1/users/me":{"get":{"tags":["Users"],"operationId":"getMe","summary":"Who am I","description":"The caller, and wh\##
        ere they have roles.","x-permission":"signed-in","responses":{"200":{"description":"The caller.","content":{"application\##
        /json":{"schema":{"$ref":"#/components/schemas/Me"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"\##
        #/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"429":{"$ref":"#/components/r\##
        esponses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},\##
        "patch":{"tags":["Users"],"operationId":"updateMe","summary":"Change my profile","description":"Only the members given a\##
        re changed.","x-permission":"signed-in","requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"\##
        #/components/schemas/UserChange"},"example":{"name":"Ada"}}}},"responses":{"200":{"description":"The caller.","content":\##
        {"application/json":{"schema":{"$ref":"#/components/schemas/User"}}}},"400":{"$ref":"#/components/responses/Malformed"},\##
        "401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"408":{"$ref":\##
        "#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses\##
        /UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limi\##
        ted"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/use\##
        rs/me/password":{"put":{"tags":["Users"],"operationId":"changePassword","summary":"Change my password","description":"Ne\##
        eds the present one; wrong ones count like those of sign-ins. Ends every other session of the caller.","x-permission":"s\##
        igned-in","requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/PasswordC\##
        hange"},"example":{"current_password":"$SPANDREL_PASSWORD","new_password":"a new, long password"}}}},"responses":{"204":\##
        {"description":"Done."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthen\##
        ticated"},"403":{"$ref":"#/components/responses/Forbidden"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref\##
        ":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/compo\##
        nents/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/De\##
        fect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/users/me/sessions":{"get":{"tags":["Users"],"oper\##
        ationId":"listMySessions","summary":"List my sessions","description":"Those that have not ended, newest first.","x-permi\##
        ssion":"signed-in","parameters":[{"name":"limit","in":"query","required":false,"description":"How many at most.","schema\##
        ":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description\##
        ":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of sessions\##
        .","content":{"application/json":{"schema":{"$ref":"#/components/schemas/MySessionList"}}}},"400":{"$ref":"#/components/\##
        responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forb\##
        idden"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/\##
        components/responses/Unavailable"}}}},"/api/v1/users/me/sessions/{session_id}":{"delete":{"tags":["Users"],"operationId"\##
        :"endMySession","summary":"End one of my sessions","description":"Its access token ends with it.","x-permission":"signed\##
        -in","parameters":[{"name":"session_id","in":"path","required":true,"description":"The session's id.","schema":{"type":"\##
        string"}}],"responses":{"204":{"description":"Done."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#\##
        /components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/re\##
        sponses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":\##
        {"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/users/me/invitations":{"post":{"tags":["Users"],"operationId":\##
        "acceptInvitationAsMe","summary":"Accept an invitation as me","description":"With the token of a link that was sent to t\##
        he caller's address.","x-permission":"signed-in","requestBody":{"required":true,"content":{"application/json":{"schema":\##
        {"$ref":"#/components/schemas/MyInvitation"},"example":{"token":"$SPANDREL_MY_INVITATION_TOKEN"}}}},"responses":{"200":{\##
        "description":"The invitation.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Invitation"}}}},"4\##
        00":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#\##
        /components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses\##
        /TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"}\##
        ,"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/\##
        components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/users/me/feedback":{"post"\##
        :{"tags":["Users"],"operationId":"sendFeedback","summary":"Send feedback","description":"Kept for whoever runs this inst\##
        allation.","x-permission":"signed-in","requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/\##
        components/schemas/Feedback"},"example":{"message":"The trace view could show more."}}}},"responses":{"201":{"descriptio\##
        n":"Taken.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/TakenFeedback"}}}},"400":{"$ref":"#/co\##
        mponents/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/respo\##
        nses/Forbidden"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":\##
        {"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$re\##
        f":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/response\##
        s/Unavailable"}}}}
        """##

    static let usersSchemas = ##"""
        "User":{"description":"A person.","type":"object","additionalProperties":false,"required":["id","email","name","profile"\##
        ,"settings","created_at"],"properties":{"id":{"type":"string","description":"The user.","format":"uuid"},"email":{"type"\##
        :"string","description":"An e-mail address.","maxLength":254},"name":{"type":"string","description":"As others see it."}\##
        ,"profile":{"type":"object","description":"Whatever the caller's client keeps here, up to 16 KiB.","additionalProperties\##
        ":true},"settings":{"type":"object","description":"Whatever the caller's client keeps here, up to 16 KiB.","additionalPr\##
        operties":true},"created_at":{"type":"string","description":"When they joined. RFC 3339 with nanoseconds, UTC.","format"\##
        :"date-time"}}},"Me":{"description":"The caller.","type":"object","additionalProperties":false,"required":["user","organ\##
        izations","projects"],"properties":{"user":{"$ref":"#/components/schemas/User"},"organizations":{"type":"array","descrip\##
        tion":"Where they belong.","items":{"$ref":"#/components/schemas/MyOrganization"}},"projects":{"type":"array","descripti\##
        on":"Where they have a role in the project itself.","items":{"$ref":"#/components/schemas/MyProject"}}}},"MyOrganization\##
        ":{"description":"A role in an organization.","type":"object","additionalProperties":false,"required":["organization_id"\##
        ,"name","role"],"properties":{"organization_id":{"type":"string","description":"The organization.","format":"uuid"},"nam\##
        e":{"type":"string","description":"Its name."},"role":{"type":["string","null"],"enum":["owner","admin","member","viewer\##
        ",null],"description":"Null for somebody with roles in single projects only."}}},"MyProject":{"description":"A role in a\##
         project.","type":"object","additionalProperties":false,"required":["project_id","organization_id","role"],"properties":\##
        {"project_id":{"type":"string","description":"The project.","format":"uuid"},"organization_id":{"type":"string","descrip\##
        tion":"Its organization.","format":"uuid"},"role":{"type":"string","description":"`owner`, `admin`, `member` or `viewer`\##
        .","enum":["owner","admin","member","viewer"]}}},"UserChange":{"description":"What to change.","type":"object","addition\##
        alProperties":false,"required":[],"properties":{"name":{"type":["string","null"],"description":"1 to 100 characters.","m\##
        inLength":1,"maxLength":100},"profile":{"type":["object","null"],"description":"Whatever the caller's client keeps here,\##
         up to 16 KiB.","additionalProperties":true},"settings":{"type":["object","null"],"description":"Whatever the caller's c\##
        lient keeps here, up to 16 KiB.","additionalProperties":true}}},"PasswordChange":{"description":"The old one and the new\##
         one.","type":"object","additionalProperties":false,"required":["current_password","new_password"],"properties":{"curren\##
        t_password":{"type":"string","description":"The present one.","minLength":1,"maxLength":1024},"new_password":{"type":"st\##
        ring","description":"10 characters or more, at most 1,024 bytes.","minLength":1,"maxLength":1024}}},"MySession":{"descri\##
        ption":"A sign-in of the caller.","type":"object","additionalProperties":false,"required":["id","user_agent","address","\##
        is_current","created_at","last_used_at","expires_at"],"properties":{"id":{"type":"string","description":"The session.","\##
        format":"uuid"},"user_agent":{"type":"string","description":"Of the program that signed in."},"address":{"type":["string\##
        ","null"],"description":"Where it signed in from."},"is_current":{"type":"boolean","description":"Whether it is the one\##
         that asks."},"created_at":{"type":"string","description":"When it began. RFC 3339 with nanoseconds, UTC.","format":"dat\##
        e-time"},"last_used_at":{"type":"string","description":"When it was last renewed. RFC 3339 with nanoseconds, UTC.","form\##
        at":"date-time"},"expires_at":{"type":"string","description":"When it ends. RFC 3339 with nanoseconds, UTC.","format":"d\##
        ate-time"}}},"MySessionList":{"type":"object","additionalProperties":false,"required":["data","next_cursor"],"properties\##
        ":{"data":{"type":"array","description":"Sessions.","items":{"$ref":"#/components/schemas/MySession"}},"next_cursor":{"t\##
        ype":["string","null"],"description":"For the next page; null on the last one."}}},"MyInvitation":{"description":"The li\##
        nk's token.","type":"object","additionalProperties":false,"required":["token"],"properties":{"token":{"type":"string","d\##
        escription":"The token of the link.","minLength":1,"maxLength":256}}},"Feedback":{"description":"What the user says.","t\##
        ype":"object","additionalProperties":false,"required":["message"],"properties":{"message":{"type":"string","description"\##
        :"1 to 10,000 bytes.","minLength":1,"maxLength":10000}}},"TakenFeedback":{"description":"What was kept.","type":"object"\##
        ,"additionalProperties":false,"required":["id"],"properties":{"id":{"type":"string","description":"The feedback.","forma\##
        t":"uuid"}}}
        """##
}
