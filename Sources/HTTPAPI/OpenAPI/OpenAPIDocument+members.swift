/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let membersPaths = ##"""
        "/api/v1/organizations/{organization_id}/members":{"get":{"tags":["Members"],"operationId":"listMembers","summary":"List\##
         members","description":"Of the organization, with their roles.","x-permission":"members.read","parameters":[{"name":"or\##
        ganization_id","in":"path","required":true,"description":"The organization's id.","schema":{"type":"string"}},{"$ref":"#\##
        /components/parameters/Project"},{"name":"limit","in":"query","required":false,"description":"How many at most.","schema\##
        ":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in":"query","required":false,"description\##
        ":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"200":{"description":"A page of members.\##
        ","content":{"application/json":{"schema":{"$ref":"#/components/schemas/MemberList"}}}},"400":{"$ref":"#/components/resp\##
        onses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidde\##
        n"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/co\##
        mponents/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/organizations/{organization_\##
        id}/members/{user_id}":{"put":{"tags":["Members"],"operationId":"setMemberRole","summary":"Change a member's role","desc\##
        ription":"Nobody gives or takes a role above the own; the last owner stays one. Open invitations the member made to role\##
        s that the new one may not give end, and those to the member's address into a higher role.","x-permission":"members.mana\##
        ge","parameters":[{"name":"organization_id","in":"path","required":true,"description":"The organization's id.","schema":\##
        {"type":"string"}},{"name":"user_id","in":"path","required":true,"description":"The user's id.","schema":{"type":"string\##
        "}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{\##
        "$ref":"#/components/schemas/RoleChange"},"example":{"role":"viewer"}}}},"responses":{"200":{"description":"The member."\##
        ,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Member"}}}},"400":{"$ref":"#/components/responses\##
        /Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"\##
        404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"409":{"$ref":"#/compone\##
        nts/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/Unsuppor\##
        tedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"50\##
        0":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}},"delete":{"tags":["Mem\##
        bers"],"operationId":"removeMember","summary":"Remove a member","description":"From the organization and all of its proj\##
        ects, or from its projects where there is no other role. The last owner stays. Open invitations to the member's address\##
         end, and those the member made. The API keys the member made go on, unless `revoke_keys` is given: lists of keys and th\##
        e audit entry name them.","x-permission":"members.manage","parameters":[{"name":"organization_id","in":"path","required"\##
        :true,"description":"The organization's id.","schema":{"type":"string"}},{"name":"user_id","in":"path","required":true,"\##
        description":"The user's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"revoke_key\##
        s","in":"query","required":false,"description":"Whether to revoke the keys in the organization's projects which the memb\##
        er made, and those made with them.","schema":{"type":"boolean","default":false}}],"responses":{"204":{"description":"Gon\##
        e."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$\##
        ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"409":{"$ref":"#/components/re\##
        sponses/Conflict"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":\##
        {"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/users/me/organizations/{organization_id}":{"delete":{"tags":["\##
        Members"],"operationId":"leaveOrganization","summary":"Leave an organization","description":"With all roles in its proje\##
        cts, also by those who have no other. The last owner stays.","x-permission":"signed-in","parameters":[{"name":"organizat\##
        ion_id","in":"path","required":true,"description":"The organization's id.","schema":{"type":"string"}}],"responses":{"20\##
        4":{"description":"Gone."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unaut\##
        henticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"409":{"\##
        $ref":"#/components/responses/Conflict"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/res\##
        ponses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/projects/{project_id}/members":{"get":{"\##
        tags":["Members"],"operationId":"listProjectMembers","summary":"List a project's members","description":"Those with a ro\##
        le in the project itself.","x-permission":"members.read","parameters":[{"name":"project_id","in":"path","required":true,\##
        "description":"The project's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"limit"\##
        ,"in":"query","required":false,"description":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"d\##
        efault":50}},{"name":"cursor","in":"query","required":false,"description":"`next_cursor` of the page before.","schema":{\##
        "type":"string"}}],"responses":{"200":{"description":"A page of members.","content":{"application/json":{"schema":{"$ref\##
        ":"#/components/schemas/MemberList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/re\##
        sponses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFou\##
        nd"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/com\##
        ponents/responses/Unavailable"}}}},"/api/v1/projects/{project_id}/members/{user_id}":{"put":{"tags":["Members"],"operati\##
        onId":"setProjectMemberRole","summary":"Give a role in a project","description":"To a member of the organization or of o\##
        ne of its projects. The higher of both roles counts.","x-permission":"members.manage","parameters":[{"name":"project_id"\##
        ,"in":"path","required":true,"description":"The project's id.","schema":{"type":"string"}},{"name":"user_id","in":"path"\##
        ,"required":true,"description":"The user's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],\##
        "requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/RoleChange"},"examp\##
        le":{"role":"member"}}}},"responses":{"200":{"description":"The member.","content":{"application/json":{"schema":{"$ref"\##
        :"#/components/schemas/Member"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/respons\##
        es/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},\##
        "408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/compon\##
        ents/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/\##
        responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}\##
        ,"delete":{"tags":["Members"],"operationId":"removeProjectMember","summary":"Take a role in a project","description":"Th\##
        e role in the organization stays.","x-permission":"members.manage","parameters":[{"name":"project_id","in":"path","requi\##
        red":true,"description":"The project's id.","schema":{"type":"string"}},{"name":"user_id","in":"path","required":true,"d\##
        escription":"The user's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"responses":{"204":\##
        {"description":"Gone."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthen\##
        ticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$re\##
        f":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/response\##
        s/Unavailable"}}}},"/api/v1/organizations/{organization_id}/invitations":{"get":{"tags":["Members"],"operationId":"listI\##
        nvitations","summary":"List invitations","description":"Open, accepted and ended ones, newest first.","x-permission":"me\##
        mbers.manage","parameters":[{"name":"organization_id","in":"path","required":true,"description":"The organization's id."\##
        ,"schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"},{"name":"limit","in":"query","required":false,"d\##
        escription":"How many at most.","schema":{"type":"integer","minimum":1,"maximum":500,"default":50}},{"name":"cursor","in\##
        ":"query","required":false,"description":"`next_cursor` of the page before.","schema":{"type":"string"}}],"responses":{"\##
        200":{"description":"A page of invitations.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Invit\##
        ationList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"}\##
        ,"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/com\##
        ponents/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavail\##
        able"}}},"post":{"tags":["Members"],"operationId":"createInvitation","summary":"Invite somebody","description":"By e-mai\##
        l where the server has a mail server; otherwise the link is in this answer, and only here. It works once, for seven days\##
        .","x-permission":"members.manage","parameters":[{"name":"organization_id","in":"path","required":true,"description":"Th\##
        e organization's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":\##
        true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewInvitation"},"example":{"email":"ada@examp\##
        le.com","role":"member"}}}},"responses":{"201":{"description":"The invitation with its link.","content":{"application/js\##
        on":{"schema":{"$ref":"#/components/schemas/CreatedInvitation"}}}},"400":{"$ref":"#/components/responses/Malformed"},"40\##
        1":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/\##
        components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/To\##
        oLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessabl\##
        e"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/comp\##
        onents/responses/Unavailable"}}}},"/api/v1/organizations/{organization_id}/invitations/{invitation_id}":{"delete":{"tags\##
        ":["Members"],"operationId":"revokeInvitation","summary":"Take an invitation back","description":"The link stops working\##
        . Takes a role at least as high as the invitation's.","x-permission":"members.manage","parameters":[{"name":"organizatio\##
        n_id","in":"path","required":true,"description":"The organization's id.","schema":{"type":"string"}},{"name":"invitation\##
        _id","in":"path","required":true,"description":"The invitation's id.","schema":{"type":"string"}},{"$ref":"#/components/\##
        parameters/Project"}],"responses":{"200":{"description":"The invitation.","content":{"application/json":{"schema":{"$ref\##
        ":"#/components/schemas/Invitation"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/re\##
        sponses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFou\##
        nd"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/com\##
        ponents/responses/Unavailable"}}}}
        """##

    static let membersSchemas = ##"""
        "Member":{"description":"Somebody with a role.","type":"object","additionalProperties":false,"required":["user_id","emai\##
        l","name","role","created_at"],"properties":{"user_id":{"type":"string","description":"The user.","format":"uuid"},"emai\##
        l":{"type":"string","description":"An e-mail address.","maxLength":254},"name":{"type":"string","description":"As others\##
         see it."},"role":{"type":"string","description":"`owner`, `admin`, `member` or `viewer`.","enum":["owner","admin","memb\##
        er","viewer"]},"created_at":{"type":"string","description":"Since when. RFC 3339 with nanoseconds, UTC.","format":"date-\##
        time"}}},"MemberList":{"type":"object","additionalProperties":false,"required":["data","next_cursor"],"properties":{"dat\##
        a":{"type":"array","description":"Members.","items":{"$ref":"#/components/schemas/Member"}},"next_cursor":{"type":["stri\##
        ng","null"],"description":"For the next page; null on the last one."}}},"RoleChange":{"description":"The role to have.",\##
        "type":"object","additionalProperties":false,"required":["role"],"properties":{"role":{"type":"string","description":"`o\##
        wner`, `admin`, `member` or `viewer`.","enum":["owner","admin","member","viewer"]}}},"NewInvitation":{"description":"Who\##
        m to invite.","type":"object","additionalProperties":false,"required":["email","role"],"properties":{"email":{"type":"st\##
        ring","description":"An e-mail address.","minLength":1,"maxLength":254},"role":{"type":"string","description":"`owner`,\##
         `admin`, `member` or `viewer`.","enum":["owner","admin","member","viewer"]},"project_id":{"type":["string","null"],"des\##
        cription":"A project: the role is in it alone.","format":"uuid"}}},"Invitation":{"description":"An invitation.","type":"\##
        object","additionalProperties":false,"required":["id","organization_id","project_id","email","role","created_at","expire\##
        s_at","accepted_at","revoked_at","created_by"],"properties":{"id":{"type":"string","description":"The invitation.","form\##
        at":"uuid"},"organization_id":{"type":"string","description":"Into which organization.","format":"uuid"},"project_id":{"\##
        type":["string","null"],"description":"The project, where it is into one alone.","format":"uuid"},"email":{"type":"strin\##
        g","description":"An e-mail address.","maxLength":254},"role":{"type":"string","description":"`owner`, `admin`, `member`\##
         or `viewer`.","enum":["owner","admin","member","viewer"]},"created_at":{"type":"string","description":"When it was made\##
        . RFC 3339 with nanoseconds, UTC.","format":"date-time"},"expires_at":{"type":"string","description":"When it ends. RFC\##
         3339 with nanoseconds, UTC.","format":"date-time"},"accepted_at":{"type":["string","null"],"description":"When it was a\##
        ccepted. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"revoked_at":{"type":["string","null"],"description":"Wh\##
        en it was taken back. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"created_by":{"type":["string","null"],"for\##
        mat":"uuid","description":"The user who made it; null: from before this was written down."}}},"CreatedInvitation":{"desc\##
        ription":"An invitation. Its link is in it, this once, where it does not go out by e-mail.","type":"object","additionalP\##
        roperties":false,"required":["id","organization_id","project_id","email","role","created_at","expires_at","accepted_at",\##
        "revoked_at","is_mailed","created_by"],"properties":{"id":{"type":"string","description":"The invitation.","format":"uui\##
        d"},"organization_id":{"type":"string","description":"Into which organization.","format":"uuid"},"project_id":{"type":["\##
        string","null"],"description":"The project, where it is into one alone.","format":"uuid"},"email":{"type":"string","desc\##
        ription":"An e-mail address.","maxLength":254},"role":{"type":"string","description":"`owner`, `admin`, `member` or `vie\##
        wer`.","enum":["owner","admin","member","viewer"]},"created_at":{"type":"string","description":"When it was made. RFC 33\##
        39 with nanoseconds, UTC.","format":"date-time"},"expires_at":{"type":"string","description":"When it ends. RFC 3339 wit\##
        h nanoseconds, UTC.","format":"date-time"},"accepted_at":{"type":["string","null"],"description":"When it was accepted.\##
         RFC 3339 with nanoseconds, UTC.","format":"date-time"},"revoked_at":{"type":["string","null"],"description":"When it wa\##
        s taken back. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"url":{"type":"string","description":"The link to p\##
        ass on; left out where it is mailed."},"token":{"type":"string","description":"The token in it; left out where it is mai\##
        led."},"is_mailed":{"type":"boolean","description":"Whether it goes out by e-mail."},"created_by":{"type":["string","nul\##
        l"],"format":"uuid","description":"The user who made it; null: from before this was written down."}}},"InvitationList":{\##
        "type":"object","additionalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"array","des\##
        cription":"Invitations.","items":{"$ref":"#/components/schemas/Invitation"}},"next_cursor":{"type":["string","null"],"de\##
        scription":"For the next page; null on the last one."}}}
        """##
}
