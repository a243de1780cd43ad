/** The texts of the ways into a class; they come with the forms. */
export const newcomerText = {
  en: {
    'classes.welcome': 'Welcome, {name}',
    'classes.welcome.hint': 'You are not in a class yet. Start with one of these two.',
    'class.join': 'Join a class',
    'class.join.hint': 'Someone gave you a class code? Enter it here.',
    'class.join.submit': 'Join',
    'class.create': 'Create a class',
    'class.create.hint': 'For your class or team. You get a code to invite the others with.',
    'class.create.heads': 'On this server its heads create the classes. Ask one of them.',
    'class.create.submit': 'Create',
    'class.name': 'Name of the class',
    'class.name.missing': 'Enter a name.',
    'class.code.missing': 'Enter the code.',
    'class.asked':
      'A teacher of {name} has been asked to let you in. The class appears here as soon as they do.',
  },
  'zh-CN': {
    'classes.welcome': '你好，{name}',
    'classes.welcome.hint': '你还没有加入任何班级，可以从这里开始。',
    'class.join': '加入班级',
    'class.join.hint': '有人给了你班级码？在这里输入。',
    'class.join.submit': '加入',
    'class.create': '创建班级',
    'class.create.hint': '为班级或团队新建一个空间，创建后会得到邀请用的班级码。',
    'class.create.heads': '在这台服务器上，班级由服务器负责人创建，请联系他们。',
    'class.create.submit': '创建',
    'class.name': '班级名称',
    'class.name.missing': '请输入名称。',
    'class.code.missing': '请输入班级码。',
    'class.asked': '已向 {name} 的老师提交申请。批准后，班级会显示在这里。',
  },
} as const;
